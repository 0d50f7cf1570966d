"""Any tuning: pitch histogram, tonic, the scale in cents and its nearest relatives."""

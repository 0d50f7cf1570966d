"""Named, versioned vectors that say what a recording is like, one family of numbers per facet."""

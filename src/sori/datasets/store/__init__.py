"""The packed store: every clip decoded once, resampled and mixed as asked, any stretch of it at hand.

::

    shards     samples in large files: pcm or flac
    index      parameters, and what lies where
    packing    prepare: from a manifest to a store, by several processes, whatever ends them
    reading    open_store: stretches of clips, out of mapped files
    verifying  every byte against its checksum
"""

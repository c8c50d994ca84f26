//! The store, the outbox and its channels, the archive, the digest.

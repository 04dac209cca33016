//! The search index of a support desk's articles.

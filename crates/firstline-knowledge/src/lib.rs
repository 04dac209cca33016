//! The search index of a support desk's articles: a customer's question goes in, the articles that
//! answer it come out.
//!
//! It is not where articles are kept. They live in the desk's journal; the index follows it,
//! remembers how far it has read, and can be deleted at any time and built again. It is no chat
//! and no language model either: it finds words, their inflections and codes.
//!
//! Two types matter. [`Index`] holds the articles; [`Question`] is what someone wants to know and
//! may see. The loop: ask the journal for what comes after [`Index::position`], give it to
//! [`Index::absorb`], and [`Index::search`] as often as you like, from any thread.
//!
//! ```
//! use std::collections::{BTreeMap, BTreeSet};
//!
//! use firstline_core::{Article, ArticleId, Audience, Edition};
//! use firstline_knowledge::{Index, Question, Revision};
//!
//! let article = Article {
//!     audience: Audience::Public,
//!     tags: BTreeSet::new(),
//!     editions: BTreeMap::from([(
//!         "en".into(),
//!         Edition {
//!             title: "The printer reports E1042".into(),
//!             body: "Close the paper tray. Then restart the printer.".into(),
//!         },
//!     )]),
//!     retired: false,
//! };
//!
//! let index = Index::in_memory();
//! index.absorb(&[Revision { seq: 7, article: ArticleId(1), state: Some(article) }])?;
//! assert_eq!(index.position(), 7);
//!
//! let hits = index.search(&Question {
//!     text: "Why are my printers restarting?",
//!     audience: Audience::Public,
//!     language: None,
//!     tags: &[],
//!     limit: 5,
//! })?;
//! assert_eq!(hits[0].article, ArticleId(1));
//! assert_eq!(
//!     hits[0].snippet.marked("[", "]"),
//!     "Close the paper tray. Then [restart] the [printer].",
//! );
//! # Ok::<(), firstline_knowledge::KnowledgeError>(())
//! ```
//!
//! # What counts as the same word
//!
//! English and Russian texts are compared by stems, without the words that every sentence has;
//! texts in other languages word by word. Case, accents and `ё` make no difference. A code or a
//! version (`E1042`, `0x80070005`, `2.4.1`) is one word. Nothing in a question is syntax: quotes,
//! colons and brackets are what they are between words.

mod error;
mod filter;
mod index;
mod question;
mod rank;
mod schema;
mod snapshot;
mod snippet;
mod words;

pub use error::KnowledgeError;
pub use index::{Index, Revision};
pub use question::{Hit, MAX_HITS, MAX_QUESTION_BYTES, MAX_QUESTION_WORDS, Question};
pub use snippet::{MAX_SNIPPET_BYTES, Snippet};

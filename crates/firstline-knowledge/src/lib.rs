//! The search index of a support desk's articles: a customer's question goes in, the articles that
//! answer it come out.
//!
//! It is not where articles are kept. They live in the desk's journal; the index follows it,
//! remembers how far it has read, and can be deleted at any time and built again: [`Index::mend`]
//! begins anew where files are gone or damaged, also while it is open. (Files are mapped into memory:
//! replace or delete them, but whoever cuts one off or writes into it while it is open can bring the
//! process down. The journal is read otherwise.) It is no chat and no language model either: it finds
//! words, their inflections and codes.
//!
//! Two types matter. [`Index`] holds the articles; [`Question`] is what someone wants to know and
//! may see. The loop: ask the journal for what comes after [`Index::position`], give it to
//! [`Index::absorb`], and [`Index::search`] as often as you like, from any thread.
//!
//! ```
//! use std::collections::BTreeMap;
//!
//! use firstline_core::{Article, ArticleId, Edition};
//! use firstline_knowledge::{Index, Question, Revision, Reception};
//!
//! let article = Article {
//!     editions: BTreeMap::from([(
//!         "en".into(),
//!         Edition {
//!             title: "The printer reports E1042".into(),
//!             body: "Close the paper tray. Then restart the printer.".into(),
//!         },
//!     )]),
//!     ..Article::default()
//! };
//!
//! let index = Index::in_memory();
//! index.absorb(&[Revision { seq: 7, article: ArticleId(1), state: Some(article), reception: Reception::default() }])?;
//! assert_eq!(index.position(), 7);
//!
//! let now = "2026-03-02T09:00:00Z".parse()?;
//! let hits = index.search(&Question::new("Why are my printers restarting?"), now)?;
//! assert_eq!(hits[0].article, ArticleId(1));
//! assert_eq!(
//!     hits[0].snippet.marked("[", "]"),
//!     "Close the paper tray. Then [restart] the [printer].",
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What counts as the same word
//!
//! Words are compared by stems, without those that every sentence has: by the stemmer of the
//! article's language where there is one, and of the word's own script, so that `printers` meets
//! `printer` in a Russian article too. In languages without a stemmer the first five letters count,
//! in scripts without spaces each pair of characters. Case, accents and `ё` make no difference, nor
//! does it for a code whether its `E` is Latin or Cyrillic. A code or a version (`E1042`, `0x80070005`, `2.4.1`) is one word; what is joined by signs (`ERR-1042`,
//! `/etc/hosts`, `user_name`, `Wi-Fi`) is one word in any spelling and each part is one too, as is each part of
//! `camelCase`. A few pairs are one word too, as in `log in` and `login`. A title that has no words but such
//! as every sentence has, `IT` or `The Who`, is found by questions that have no others either. Nothing in a question is syntax:
//! quotes, colons and brackets are what they are between words.
//!
//! A desk may write in many languages at once. A question is understood in all of them, and no
//! guess at its language is made.
//!
//! # What else may stand for a word
//!
//! - What means the same on this desk: [`Index::set_synonyms`]. A phrase counts where all its words
//!   are in the title, or all in the body.
//! - The same word in the other alphabet: `cluster` finds `кластер`, `аутлук` finds Outlook, `oplata`
//!   finds `оплаты`.
//! - If no article has the word: one that a slip of the finger or two would explain. If a single
//!   text has it, and many have one that is a slip away, that one too, for less. Codes and numbers
//!   are never guessed at.
//! - If most words make no sense, and half of them would on the other keyboard, English or Russian:
//!   what the same keys write there (`ghbynth`). So is each word of its own that makes no sense beside
//!   others that do, as beside the name of a product.
//! - While somebody [types](Question::is_typing): the 24 words that begin like the last one and stand in
//!   most titles, those of texts where titles have few, and the stem with which it begins itself.
//! - Words of the same family, `configure` and `configuration`, help to choose among what was found.
//!
//! [`Hit::matches`] says which words an article was found for, and whether it has them itself.
//!
//! All of this is counted over the articles that the asker may see at that time. The others move
//! nothing in what is found, not even a score.
//!
//! # How articles are ranked
//!
//! The hundred best candidates by BM25, over title and body together, are looked at again, and
//! three opinions are added up, each as a share of the best that any candidate reaches:
//!
//! - *text*: BM25 over title and body together;
//! - *density*: how much of what was asked for stands in how many words, which favours an answer of
//!   two lines over a handbook that mentions everything;
//! - *name*: BM25 of the title alone, or of how the text begins where it has no title.
//!
//! A little is added for having all words of the question. There is nothing to tune, per desk or
//! per language. This is what each part is worth, as nDCG@10 on public collections (the example
//! `evaluate_search` measures any other one); "best known" is the best of seven usual methods, row
//! by row, from BM25 with and without stems and field weights to character n-grams and their sum:
//!
//! | collection | best known | whole | words alone | no text | no density | no name | no coverage | no other alphabet | no slips | no relatives |
//! |---|---|---|---|---|---|---|---|---|---|---|
//! | stackfaq_en | 0.819 | 0.829 | 0.824 | 0.822 | 0.822 | 0.784 | 0.824 | 0.824 | 0.820 | 0.818 |
//! | kb_vkcloud | 0.516 | 0.535 | 0.534 | 0.521 | 0.512 | 0.523 | 0.526 | 0.534 | 0.532 | 0.518 |
//! | kb_vkcloud_crosslingual | 0.506 | 0.677 | 0.672 | 0.644 | 0.671 | 0.570 | 0.663 | 0.503 | 0.673 | 0.669 |
//! | kb_ms365_ru | 0.451 | 0.552 | 0.547 | 0.501 | 0.543 | 0.529 | 0.544 | 0.459 | 0.546 | 0.541 |
//! | kb_magento_en | 0.909 | 0.912 | 0.911 | 0.901 | 0.906 | 0.901 | 0.907 | 0.911 | 0.911 | 0.910 |
//! | npl_vaswani | 0.462 | 0.469 | 0.469 | 0.454 | 0.468 | 0.458 | 0.456 | 0.469 | 0.469 | 0.465 |
//! | gitbugs_hadoop_dups | 0.737 | 0.825 | 0.809 | 0.784 | 0.793 | 0.684 | 0.817 | 0.809 | 0.809 | 0.801 |
//! | gitbugs_seamonkey_dups | 0.717 | 0.773 | 0.763 | 0.754 | 0.728 | 0.758 | 0.763 | 0.763 | 0.764 | 0.763 |
//!
//! *Words alone* leaves out what machines write: codes, paths and identifiers as a whole and in their
//! parts, and words with a hyphen as one. The columns to the right of it leave out one thing more.
//! Pairs such as `log in` came last: with them the whole of stackfaq_en rose from 0.827 to 0.829, and what
//! stands beside it there was measured without.
//!
//! The weights stand where they are best: each of them was moved up and down alone, on all eight
//! collections, and whatever gained a hundredth on one lost as much on another.
//!
//! No single method leads everywhere: titles are all for short questions and useless for abstracts,
//! density wins where answers are short, and only the other alphabet helps an English question to a
//! Russian article. Two more were tried and left out.
//! Expansion by the words of the first hits gained on the first row and lost on most others.
//! Character n-grams over whole texts gained about 0.01 on the second row and little elsewhere, for
//! an index field of their own; relatives and slips are looked up in the dictionary that is there.
//!
//! The weights were chosen on these same questions, few and coarse as they are: expect a little
//! less on questions that nobody has tried.
//!
//! # Lists by words
//!
//! [`Conversations`] are for another question: not what answers best, but which tickets have these words.
//! There nothing is ranked, guessed or left out as too common: what has the words is found, all of it.
//!
//! # What a desk learns
//!
//! [`Cases`] are the tickets of a desk, with what solved them. Asked for a question, they give
//! [`Lessons`], which [`Index::search_with`] takes into account:
//!
//! - Solved cases that are like the question vote for what solved them, and an article is found by
//!   their words as if they were its names. Each person has one voice for an article, a case that
//!   came back half a one, and one voice alone is never more than half of all. Customers gain by what
//!   [`MIN_PEOPLE`] people said in the same words, and learn nothing of what fewer did.
//! - Among articles that fit about as well, confidence decides: people helped against tickets that
//!   came back, readers for and against, and age, unless the article is in use. All are smoothed, so
//!   that few voices say little.
//! - An article that names the version that is asked for comes before one for all versions.
//!
//! [`Hit::experience`] says all of it. On stackfaq_en, where half of the questions were made cases and
//! the other half was asked, nDCG@10 rises from 0.836 to 0.861 for agents. For customers it is 0.837:
//! hardly any question there was asked by five people. Nothing is trained and nothing is kept: the same
//! journal gives the same lessons.
//!
//! # Meaning
//!
//! A host with a model gives it as an [`Embedder`]. Each text has its vector in the index then, and
//! articles are ordered by their places in both lists, that of the words and that of the vectors.
//!
//! # What answers are worth
//!
//! A [`VisitLog`] takes down who came with which question; [`deflection`] says how many matters ended
//! without a ticket, beside a hold-out who were shown nothing, and [`gaps`] what is missing.

mod ask;
mod cases;
mod conversations;
mod deflection;
mod error;
mod experience;
mod facets;
mod filter;
mod index;
mod meaning;
mod question;
mod rank;
mod schema;
mod shelf;
mod snapshot;
mod snippet;
mod visits;
mod words;

pub use ask::MAX_SYNONYMS;
pub use cases::{Case, Cases, Code, DUPLICATE, Like, MIN_PEOPLE, Matter};
pub use conversations::{Conversation, Conversations, Sought, Utterance};
pub use deflection::{Deflection, Gap, Gaps, Visit, Visitor, deflection, gaps, is_held_out};
pub use error::KnowledgeError;
pub use experience::{Experience, Lessons, Reception, Reuse};
pub use facets::Facets;
pub use index::{Index, Revision};
pub use meaning::Embedder;
pub use question::{
    Hit, MAX_HITS, MAX_QUESTION_BYTES, MAX_QUESTION_WORDS, Match, Question, Results,
};
pub use snippet::{MAX_SNIPPET_BYTES, Snippet};
pub use visits::{Logged, MAX_LOGGED_BYTES, Step, VisitLog};

//! How the words of each language are brought to one form.

use frostem::{Algorithm, Stemmer};

/// How the words of a text are taken to their stems.
///
/// Most of it follows from the script of each single word, so that `printers` meets `printer` in a
/// Russian article too, and English and Russian texts share one way. Only languages that share a
/// script with English or Russian need ways of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Manner(u8);

/// What happens to the words of one script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stems {
    By(Algorithm),
    /// No stemmer is known: words are the same if their first letters are.
    Cut,
    /// A word is the same as itself only.
    Whole,
}

impl Manner {
    /// What English, Russian, Greek, Arabic, Tamil, and all texts in scripts of their own share.
    pub(crate) const COMMON: Self = Self(0);

    /// The manner of a language, by its primary subtag.
    pub(crate) fn of(primary: &str) -> Self {
        let latin = LATIN.iter().position(|(names, _)| names.split(' ').any(|n| n == primary));
        let number = match latin {
            Some(position) => 3 + position,
            None if OWN.split(' ').any(|name| name == primary) => 0,
            None if CYRILLIC.split(' ').any(|name| name == primary) => 1,
            None => 2,
        };
        Self(number as u8)
    }

    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0..3 + LATIN.len() as u8).map(Self)
    }

    pub(crate) fn number(self) -> usize {
        usize::from(self.0)
    }

    /// The mark at the beginning of a text that is indexed in this manner.
    pub(crate) fn mark(self) -> char {
        char::from(b'\x01' + self.0)
    }

    /// The manner and the text behind its mark.
    pub(crate) fn unmark(text: &str) -> (Self, &str) {
        match text.as_bytes().first() {
            Some(byte) if (1..=3 + LATIN.len() as u8).contains(byte) => {
                (Self(byte - 1), &text[1..])
            }
            _ => (Self::COMMON, text),
        }
    }

    pub(super) fn latin(self) -> Stems {
        match self.0 {
            0 | 1 => Stems::By(Algorithm::English),
            2 => Stems::Cut,
            number => Stems::By(LATIN[usize::from(number) - 3].1),
        }
    }

    pub(super) fn cyrillic(self) -> Stems {
        match self.0 {
            1 => Stems::Cut,
            _ => Stems::By(Algorithm::Russian),
        }
    }
}

/// The stemmer of a word in a script other than Latin and Cyrillic; its first letter tells.
pub(super) fn of_script(first: char) -> Option<Algorithm> {
    match first {
        '\u{370}'..='\u{3ff}' => Some(Algorithm::Greek),
        '\u{530}'..='\u{58f}' => Some(Algorithm::Armenian),
        '\u{590}'..='\u{5ff}' => Some(Algorithm::Yiddish),
        '\u{600}'..='\u{6ff}' => Some(Algorithm::Arabic),
        '\u{900}'..='\u{97f}' => Some(Algorithm::Hindi),
        '\u{b80}'..='\u{bff}' => Some(Algorithm::Tamil),
        _ => None,
    }
}

impl Stems {
    /// Without a guess where no stemmer is known.
    pub(super) fn if_sure(self) -> Self {
        match self {
            Self::Cut => Self::Whole,
            sure => sure,
        }
    }

    pub(super) fn apply(self, word: &mut String) {
        match self {
            Self::By(algorithm) => {
                let stem = Stemmer::new(algorithm).stem(word);
                if stem != **word {
                    *word = stem.into_owned();
                }
            }
            Self::Cut => {
                if let Some((end, _)) = word.char_indices().nth(CUT_LETTERS)
                    && word.chars().all(char::is_alphabetic)
                {
                    word.truncate(end);
                }
            }
            Self::Whole => {}
        }
    }
}

/// Languages in Latin letters with a stemmer of their own. `Manner` numbers them by their place,
/// and the index keeps these numbers: add to the end, or raise the version.
const LATIN: [(&str, Algorithm); 18] = [
    ("da", Algorithm::Danish),
    ("nl", Algorithm::Dutch),
    ("fi", Algorithm::Finnish),
    ("fr", Algorithm::French),
    ("de", Algorithm::German),
    ("hu", Algorithm::Hungarian),
    ("it", Algorithm::Italian),
    ("no nb nn", Algorithm::Norwegian),
    ("pt", Algorithm::Portuguese),
    ("ro", Algorithm::Romanian),
    ("es", Algorithm::Spanish),
    ("sv", Algorithm::Swedish),
    ("tr", Algorithm::Turkish),
    ("ca", Algorithm::Catalan),
    ("pl", Algorithm::Polish),
    ("cs", Algorithm::Czech),
    ("id", Algorithm::Indonesian),
    ("et", Algorithm::Estonian),
];

/// Languages that the script of a word tells apart, and texts that name no language.
const OWN: &str = " en ru el hy yi he ar fa hi ne ta zh ja ko th lo km my ka und mul";

/// Languages in Cyrillic letters without a stemmer.
const CYRILLIC: &str = "uk be bg mk sr kk ky mn tg tt";

/// Where words without a stemmer are cut, in letters. On the English and Russian collections it
/// finds about as much as stems do.
const CUT_LETTERS: usize = 5;

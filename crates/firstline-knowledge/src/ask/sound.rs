//! The same word in the other alphabet: `cluster` and `кластер`, `аутлук` and `Outlook`.
//!
//! It serves for Russian words that somebody writes in Latin letters, too.
//!
//! Half of what a support desk writes about has the same name in English and in Russian. There is
//! no one spelling, so a word becomes a small automaton that accepts all plausible ones, with up to
//! three letters of an ending, and the dictionary of the index is searched for what it accepts.

use tantivy_fst::Automaton;

/// All plausible spellings of a word in the other alphabet.
///
/// Each letter of each alternative is a *place*; a spelling is a walk from place to place. A set of
/// places fits into the bits of one number.
pub(super) struct Sound {
    letters: Vec<char>,
    /// The places that may follow each place.
    next: Vec<u128>,
    first: u128,
    last: u128,
    /// Those of the last places where the whole word has been spelt.
    wholes: u128,
    /// Where the ending begins: its places come behind all others.
    ending: usize,
    is_cyrillic: bool,
}

impl Sound {
    /// `None` if the word is too short, too long, or mixes alphabets. A Russian word is only looked
    /// for in Latin letters if it is unknown: most Russian words are no names. An unknown word in
    /// Latin letters may be an inflected Russian one, of which the texts have the stem: `oplata`.
    pub(super) fn of(word: &str, is_unknown: bool) -> Option<Self> {
        if word.chars().count() < MIN_LETTERS {
            return None;
        }
        if word.bytes().all(|b| b.is_ascii_lowercase()) {
            Self::spelt(word, &FROM_LATIN, true, is_unknown)
        } else if is_unknown && word.chars().all(|c| matches!(c, 'а'..='я')) {
            Self::spelt(word, &FROM_CYRILLIC, false, false)
        } else {
            None
        }
    }

    fn spelt(
        word: &str,
        table: &[(&str, &str)],
        is_cyrillic: bool,
        is_inflected: bool,
    ) -> Option<Self> {
        let mut sound = Self {
            letters: Vec::new(),
            next: Vec::new(),
            first: 0,
            last: 0,
            wholes: 0,
            ending: 0,
            is_cyrillic,
        };
        // Where a spelling may stand: before the first letter, or at one of these places.
        let (mut is_start, mut open) = (true, 0u128);
        // Where what remains may be the ending of an inflected word.
        let mut stems = 0;
        let mut rest = word;
        while !rest.is_empty() {
            let (sign, spellings) =
                table.iter().find(|(sign, _)| rest.starts_with(sign)).copied()?;
            rest = &rest[sign.len()..];
            // A doubled consonant sounds like one.
            while sign.chars().count() == 1 && rest.starts_with(sign) {
                rest = &rest[sign.len()..];
            }
            let mut reached = 0;
            let mut is_silent = rest.is_empty() && SILENT_ENDS.contains(sign);
            for spelling in spellings.split(' ') {
                if spelling == "-" {
                    is_silent = true;
                } else {
                    reached |= sound.add(spelling, is_start, open)?;
                }
            }
            (is_start, open) =
                (is_start && is_silent, if is_silent { reached | open } else { reached });
            let taken = word.len() - rest.len();
            if is_inflected && taken >= STEM_LETTERS && RUSSIAN_ENDINGS.contains(&rest) {
                stems |= open;
            }
        }
        sound.wholes = open;
        sound.last = open | stems;
        sound.add_ending(open)?;
        Some(sound)
    }

    /// Adds the places of one spelling behind where a walk may stand. Returns its last place.
    fn add(&mut self, spelling: &str, is_start: bool, open: u128) -> Option<u128> {
        let (mut is_start, mut open) = (is_start, open);
        for letter in spelling.chars() {
            let place = self.add_place(letter, open)?;
            if is_start {
                self.first |= place;
            }
            (is_start, open) = (false, place);
        }
        if spelling.chars().count() == 1 && !VOWELS.contains(spelling) {
            let place = self.next.len() - 1;
            self.next[place] |= open;
        }
        Some(open)
    }

    fn add_ending(&mut self, mut open: u128) -> Option<()> {
        self.ending = self.letters.len();
        for _ in 0..ENDING_LETTERS {
            open = self.add_place(ANY, open)?;
            self.last |= open;
        }
        Some(())
    }

    fn add_place(&mut self, letter: char, open: u128) -> Option<u128> {
        let number = self.letters.len();
        let place = 1u128.checked_shl(number as u32)?;
        for (before, next) in self.next.iter_mut().enumerate() {
            if open & (1 << before) != 0 {
                *next |= place;
            }
        }
        self.letters.push(letter);
        self.next.push(0);
        Some(place)
    }

    fn step(&self, places: Option<u128>, letter: char) -> u128 {
        let mut reachable = self.first;
        if let Some(mut from) = places {
            reachable = 0;
            while from != 0 {
                reachable |= self.next[from.trailing_zeros() as usize];
                from &= from - 1;
            }
        }
        let mut reached = 0;
        while reachable != 0 {
            let place = reachable.trailing_zeros() as usize;
            reachable &= reachable - 1;
            let wanted = self.letters[place];
            if wanted == letter || wanted == ANY && self.is_letter(letter) {
                reached |= 1 << place;
            }
        }
        reached
    }

    fn is_letter(&self, letter: char) -> bool {
        if self.is_cyrillic { matches!(letter, 'а'..='я') } else { letter.is_ascii_lowercase() }
    }

    /// How many letters of an accepted word are its ending, or how many a stem counts for that lacks one.
    pub(super) fn leftover(&self, word: &str) -> u8 {
        let mut places = None;
        for letter in word.chars() {
            places = Some(self.step(places, letter));
        }
        let places = places.unwrap_or_default() & self.last;
        let spelt = places & ((1u128 << self.ending) - 1);
        if spelt & self.wholes != 0 {
            0
        } else if spelt != 0 {
            STEM_LEFTOVER
        } else {
            (places >> self.ending).trailing_zeros() as u8 + 1
        }
    }
}

/// Where a search stands in a word: the places, and the first byte of a letter that has two.
#[derive(Clone, Copy)]
pub(super) struct Standing {
    places: Option<u128>,
    lead: u8,
}

impl Automaton for &Sound {
    type State = Standing;

    fn start(&self) -> Standing {
        Standing { places: None, lead: 0 }
    }

    fn is_match(&self, state: &Standing) -> bool {
        state.lead == 0 && state.places.is_some_and(|places| places & self.last != 0)
    }

    fn can_match(&self, state: &Standing) -> bool {
        state.places != Some(0)
    }

    fn accept(&self, state: &Standing, byte: u8) -> Standing {
        let dead = Standing { places: Some(0), lead: 0 };
        if state.places == Some(0) {
            return dead;
        }
        let letter = match (state.lead, byte) {
            (0, 0..0x80) => char::from(byte),
            (0, 0xd0 | 0xd1) => return Standing { lead: byte, ..*state },
            (0, _) => return dead,
            (lead, byte) => {
                let code = (u32::from(lead) & 0x1f) << 6 | u32::from(byte) & 0x3f;
                char::from_u32(code).unwrap_or(ANY)
            }
        };
        Standing { places: Some(self.step(state.places, letter)), lead: 0 }
    }
}

/// Shorter words sound like too many others.
const MIN_LETTERS: usize = 4;

/// How long an ending may be. Stems rarely agree across languages: `migrat` is `миграц`.
const ENDING_LETTERS: usize = 3;

/// How many letters a stem has at least, and how much it differs from the whole word, in letters of an
/// ending.
const STEM_LETTERS: usize = 4;
const STEM_LEFTOVER: u8 = 1;

/// The endings of Russian words as they are written in Latin letters.
const RUSSIAN_ENDINGS: [&str; 73] = [
    "a", "e", "i", "o", "u", "y", "t", "ya", "ye", "yo", "yu", "ja", "ju", "ia", "ie", "iu", "iy",
    "ii", "yy", "ij", "yj", "oy", "oj", "ey", "ej", "aya", "oye", "oe", "yye", "iye", "iya", "iyu",
    "iyi", "ami", "yami", "iyami", "am", "yam", "om", "em", "im", "ym", "akh", "ah", "yakh", "yah",
    "ikh", "ih", "ykh", "yh", "ov", "ev", "ogo", "ego", "omu", "emu", "at", "yat", "it", "et",
    "ut", "yut", "ayut", "ayet", "aet", "l", "n", "la", "na", "li", "lo", "no", "ny",
];

/// Stands for any letter of the other alphabet.
const ANY: char = '\0';

const VOWELS: &str = "аеиоуыэюяьйaeiouy";

/// What may end a word in one alphabet and be missing in the other: plurals.
const SILENT_ENDS: &str = "с";

/// What a sign may be in Cyrillic letters; `-` if it may be silent. The first sign that fits is
/// taken, so long ones come first.
const FROM_LATIN: [(&str, &str); 50] = [
    ("tion", "ци шн тион"),
    ("shch", "щ"),
    ("sch", "ш сх щ сч"),
    ("zh", "ж"),
    ("kh", "х"),
    ("ts", "ц тс"),
    ("ya", "я йа иа ыа"),
    ("yu", "ю йу ью"),
    ("yo", "е йо ио ьо"),
    ("ja", "я джа жа йа"),
    ("ju", "ю джу жу"),
    ("ch", "ч ш х к"),
    ("sh", "ш"),
    ("ph", "ф"),
    ("th", "т з с"),
    ("ck", "к"),
    ("qu", "кв к"),
    ("ee", "и"),
    ("oo", "у"),
    ("ou", "у ау"),
    ("ow", "оу ов ау"),
    ("ea", "и е еа"),
    ("ai", "ай аи эй"),
    ("wh", "в х"),
    ("a", "а э е эй о я"),
    ("b", "б"),
    ("c", "к ц с"),
    ("d", "д"),
    ("e", "е э и -"),
    ("f", "ф"),
    ("g", "г дж ж"),
    ("h", "х г -"),
    ("i", "и ай й ы е -"),
    ("j", "дж ж й -"),
    ("k", "к"),
    ("l", "л ль"),
    ("m", "м"),
    ("n", "н"),
    ("o", "о а оу у -"),
    ("p", "п"),
    ("q", "к"),
    ("r", "р"),
    ("s", "с з ш"),
    ("t", "т ц"),
    ("u", "у ю а -"),
    ("v", "в"),
    ("w", "в у уэ"),
    ("x", "кс з"),
    ("y", "и й ы ай -"),
    ("z", "з ц"),
];

/// What a sign may be in Latin letters.
const FROM_CYRILLIC: [(&str, &str); 41] = [
    ("дж", "j g dj"),
    ("кс", "x ks xc"),
    ("ей", "a ay ai ey"),
    ("эй", "a ay ai"),
    ("ай", "i y ai ay"),
    ("ау", "ou au ow"),
    ("оу", "o ow oa ou"),
    ("уи", "ui wi"),
    ("уэ", "we ue"),
    ("а", "a u o"),
    ("б", "b"),
    ("в", "v w"),
    ("г", "g h"),
    ("д", "d"),
    ("е", "e a"),
    ("ж", "j g zh"),
    ("з", "z s"),
    ("и", "i e ee ea y"),
    ("й", "y i j"),
    ("к", "k c ck q ch"),
    ("л", "l"),
    ("м", "m"),
    ("н", "n"),
    ("о", "o a oo ou"),
    ("п", "p"),
    ("р", "r"),
    ("с", "s c"),
    ("т", "t th"),
    ("у", "u oo w ou"),
    ("ф", "f ph"),
    ("х", "h kh ch"),
    ("ц", "c ts tz z t"),
    ("ч", "ch tch"),
    ("ш", "sh ch"),
    ("щ", "sch"),
    ("ъ", "-"),
    ("ы", "y i"),
    ("ь", "-"),
    ("э", "e a"),
    ("ю", "u yu ew"),
    ("я", "ya ia a"),
];

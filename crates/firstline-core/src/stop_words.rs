//! The words of which questions are made, and by which nothing is found.

use std::collections::BTreeSet;

/// Words that nearly every English text has: searches leave them out. They stand apart by spaces.
pub const ENGLISH_STOP_WORDS: &str = "a about also am an and any are as at be been being but by can \
    could did do does for from had has have he her his how i if in into is it its just may me my \
    no not of on or our she should so some such than that the their then there these they this to \
    too very was we what when where which who why will with would you your";

/// Words that nearly every Russian text has, with `е` for `ё`: searches leave them out, and some more.
pub const RUSSIAN_STOP_WORDS: &str = "а без более больше бы был была были было быть в вам вас во вот \
    все всех вы где да для до его ее если есть еще же за и из или им их к как какой когда кто ли \
    меня мне может мой можно мы на над надо не него нет но ну о об он она они от перед по под после \
    при про с сейчас себя со так там то тоже только ты у уже хоть чего чем через что чтобы эти \
    этого этой этот я";

/// Tells whether there is nothing in a text but such words.
pub(crate) struct StopWords(BTreeSet<&'static str>);

impl StopWords {
    pub(crate) fn new() -> Self {
        let lists = [ENGLISH_STOP_WORDS, RUSSIAN_STOP_WORDS];
        Self(lists.into_iter().flat_map(str::split_whitespace).collect())
    }

    pub(crate) fn are_all_of(&self, text: &str) -> bool {
        let text = text.to_lowercase().replace('ё', "е");
        let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.all(|word| self.0.contains(word))
    }
}

use core::ops::Index;

/// Numbers in ascending order with a table of contents.
///
/// The table cuts the range from the second number to the last one into equal parts and knows where
/// in the list each of them begins. Calendars are even enough that a part holds one number or two,
/// so that most searches need no steps; however uneven, they need no more than in the bare list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sorted {
    numbers: Box<[i64]>,
    /// Where the first part begins. The first number of a timeline lies so far away that it is
    /// left out.
    origin: i64,
    /// Parts are two to the power of this long.
    shift: u32,
    /// How many numbers lie before each part, and last how many there are.
    before: Box<[u32]>,
}

impl Sorted {
    pub(super) fn new(numbers: Box<[i64]>) -> Self {
        let origin = numbers.get(1).map_or(0, |&second| second);
        let range = numbers.last().map_or(0, |&last| last.abs_diff(origin));
        let parts = 4 * numbers.len() as u64;
        let shift = (0..63).find(|shift| range >> shift < parts).unwrap_or(63);
        let mut count = 0;
        let before = (0..=range >> shift)
            .map(|part| origin.saturating_add_unsigned(part << shift))
            .map(|begin| {
                count += numbers[count..].iter().take_while(|&&number| number < begin).count();
                count as u32
            })
            .chain([numbers.len() as u32])
            .collect();
        Self { numbers, origin, shift, before }
    }

    /// How many numbers are at most `limit`.
    #[inline]
    pub(super) fn count_up_to(&self, limit: i64) -> usize {
        let (low, high) = self.part_of(limit);
        low + self.numbers[low..high].partition_point(|&number| number <= limit)
    }

    /// The same for when all else waits for the answer: a processor that guesses the steps right
    /// goes on before it has seen the numbers. Two searches side by side are better off without
    /// guesses, which is why [`between`](crate::Calendar::between) uses the other one.
    #[inline]
    pub(super) fn step_up_to(&self, limit: i64) -> usize {
        let (low, high) = self.part_of(limit);
        let numbers = &self.numbers[low..high];
        if numbers.len() <= 4 {
            low + numbers.iter().take_while(|&&number| number <= limit).count()
        } else {
            low + numbers.partition_point(|&number| number <= limit)
        }
    }

    /// From which number to which a limit can fall.
    #[inline]
    fn part_of(&self, limit: i64) -> (usize, usize) {
        if limit < self.origin {
            return (0, self.before[0] as usize);
        }
        let last = self.before.len() - 2;
        let part = (limit.abs_diff(self.origin) >> self.shift).min(last as u64) as usize;
        (self.before[part] as usize, self.before[part + 1] as usize)
    }
}

impl Index<usize> for Sorted {
    type Output = i64;

    #[inline]
    fn index(&self, index: usize) -> &i64 {
        &self.numbers[index]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_table_never_changes_the_answer(
            mut numbers in prop::collection::vec(
                prop_oneof![any::<i64>(), -50_i64..50, (0_i64..9).prop_map(|n| n << 58)],
                1..40,
            ),
            limits in prop::collection::vec(prop_oneof![any::<i64>(), -60_i64..60], 20),
        ) {
            numbers.sort_unstable();
            let sorted = Sorted::new(numbers.clone().into());
            for limit in limits.into_iter().chain(numbers.clone()) {
                let expected = numbers.partition_point(|&number| number <= limit);
                prop_assert_eq!(sorted.count_up_to(limit), expected, "{} in {:?}", limit, numbers);
                prop_assert_eq!(sorted.step_up_to(limit), expected, "{} in {:?}", limit, numbers);
            }
        }
    }
}

//! Decimals and dates: what is exact has an order.

use super::*;
use crate::NaiveDate;

fn fields() -> Fields {
    Fields::from([
        ("price", Field::new(FieldType::Decimal)),
        ("bought", Field::new(FieldType::Date)),
    ])
}

#[track_caller]
fn check(written: &str, price: &str, bought: &str, expected: &str) {
    let condition = Condition::build(&toml::from_str(written).unwrap(), &fields());
    let date = bought.parse::<NaiveDate>().unwrap();
    let facts = [("price", Value::Decimal(price.parse().unwrap())), ("bought", Value::Date(date))];
    let told = condition.map_or_else(|e| e.to_string(), |it| answer(&it, Change::none(&facts)));
    assert_eq!(told, expected);
}

#[test]
fn a_decimal_is_asked_for_in_any_writing_and_compared_exactly() {
    let dear = "price = { at_least = '12.50' }";
    check(dear, "12.5", "2026-03-02", "yes: price is 12.5, at least 12.5");
    check(dear, "12.4999", "2026-03-02", "no: price is 12.4999, not at least 12.5");
    check("price = 12", "12.0", "2026-03-02", "yes: price is 12");
}

#[test]
fn a_date_is_a_day_and_not_a_moment() {
    let old = "bought = { at_most = '2026-02-28' }";
    check(old, "1", "2026-03-01", "no: bought is 2026-03-01, not at most 2026-02-28");
    check(old, "1", "2026-02-28", "yes: bought is 2026-02-28, at most 2026-02-28");
}

#[test]
fn what_is_none_or_can_never_hold_is_refused() {
    let check = |written, expected| check(written, "1", "2026-03-02", expected);
    check("price = 'dear'", "price: `dear` is not a decimal number; write it in quotes as 12.50");
    check(
        "bought = '2026-2-3'",
        "bought: `2026-2-3` is not a date; write it in quotes as 2026-03-02",
    );
    check(
        "bought = { within = '3d' }",
        "bought.within: `within` asks for a moment, and `bought` is none; write the value that is meant",
    );
    check(
        "bought = { at_least = '2026-03-02', at_most = '2026-03-01' }",
        "bought.at_most: this can never hold: bought is at least 2026-03-02 and bought is at most 2026-03-01; change or remove one of them",
    );
    check(
        "price = { at_least = '0.0002', at_most = '0.0001' }",
        "price.at_most: this can never hold: price is at least 0.0002 and price is at most 0.0001; change or remove one of them",
    );
    // There is a step between them.
    check(
        "price = { at_least = '0.0002', at_most = '0.0003' }",
        "no: price is 1, not at most 0.0003",
    );
}

//! Numbers as people read them: with a comma between thousands.

/// A number with so many digits after the point.
pub(crate) fn grouped(number: f64, digits: usize) -> String {
    let text = format!("{number:.digits$}");
    // What is infinite or no number has no thousands.
    if !number.is_finite() {
        return text;
    }
    let (sign, text) = text.strip_prefix('-').map_or(("", &*text), |positive| ("-", positive));
    let (whole, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = sign.to_owned();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + fraction
}

/// A number of things.
pub(crate) fn counted(number: u64) -> String {
    // Exact up to 2^53, which is more than anything that is counted here.
    grouped(number as f64, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!([0, 999, 1000, 4728, 1234567].map(counted), ["0", "999", "1,000", "4,728", "1,234,567"]);
        let money = [1234.5, 0.25, -3.0, -1234567.891, 999.999].map(|amount| grouped(amount, 2));
        assert_eq!(money, ["1,234.50", "0.25", "-3.00", "-1,234,567.89", "1,000.00"]);
        assert_eq!((grouped(f64::NAN, 1), grouped(f64::INFINITY, 1)), ("NaN".into(), "inf".into()));
    }
}

//! PostgreSQL's NUMERIC, read as digits. Sums and averages are of this type, so it must be readable
//! also where no decimal type is compiled in.

use std::fmt::Write;

use crate::engine::row::malformed;
use crate::value::{SqlType, ValueError};

const NEGATIVE: u16 = 0x4000;
const NAN: u16 = 0xC000;
const POSITIVE_INFINITY: u16 = 0xD000;
const NEGATIVE_INFINITY: u16 = 0xF000;

/// The number in digits: `-12.50`, `NaN`, `inf`.
///
/// The wire format is four 16-bit words (number of groups, weight of the first group, sign, digits
/// after the point) and the groups, each four decimal digits.
pub(super) fn digits(bytes: &[u8], sql_type: SqlType) -> Result<String, ValueError> {
    parse(bytes).ok_or_else(|| malformed(sql_type))
}

fn parse(bytes: &[u8]) -> Option<String> {
    let mut words = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    let count = usize::from(words.next()?);
    let weight = i32::from(words.next()?.cast_signed());
    let sign = words.next()?;
    let scale = usize::from(words.next()?);
    let groups: Vec<u16> = words.collect();
    if groups.len() != count {
        return None;
    }
    match sign {
        NAN => return Some("NaN".into()),
        POSITIVE_INFINITY => return Some("inf".into()),
        NEGATIVE_INFINITY => return Some("-inf".into()),
        _ => {}
    }
    // Groups of zeros at either end are not sent.
    let group =
        |place: i32| usize::try_from(weight - place).ok().and_then(|index| groups.get(index)).copied().unwrap_or(0);
    let mut text = String::with_capacity(groups.len() * 4 + 8);
    if sign == NEGATIVE {
        text.push('-');
    }
    let _ = write!(text, "{}", group(weight.max(0)));
    for place in (0..weight.max(0)).rev() {
        let _ = write!(text, "{:04}", group(place));
    }
    if scale > 0 {
        text.push('.');
        let end = text.len() + scale;
        let mut place = -1;
        while text.len() < end {
            let _ = write!(text, "{:04}", group(place));
            place -= 1;
        }
        text.truncate(end);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(weight: i16, sign: u16, scale: u16, groups: &[u16]) -> Option<String> {
        let words = [groups.len() as u16, weight.cast_unsigned(), sign, scale];
        let bytes: Vec<u8> = words.iter().chain(groups).flat_map(|word| word.to_be_bytes()).collect();
        parse(&bytes)
    }

    #[test]
    fn digits_are_as_the_server_prints_them() {
        assert_eq!(read(0, 0, 0, &[]).as_deref(), Some("0"));
        assert_eq!(read(0, 0, 2, &[12, 5000]).as_deref(), Some("12.50"));
        assert_eq!(read(0, NEGATIVE, 0, &[7]).as_deref(), Some("-7"));
        assert_eq!(read(1, 0, 0, &[1, 2]).as_deref(), Some("10002"));
        // Zeros at the end are implied.
        assert_eq!(read(2, 0, 0, &[1]).as_deref(), Some("100000000"));
        assert_eq!(read(-1, 0, 3, &[50]).as_deref(), Some("0.005"));
        assert_eq!(read(-2, 0, 8, &[1]).as_deref(), Some("0.00000001"));
        assert_eq!(read(0, NAN, 0, &[]).as_deref(), Some("NaN"));
        assert_eq!(parse(&[0, 9, 0, 0]), None);
    }
}

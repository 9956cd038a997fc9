//! Text: patterns, parts, case and length.

use retro_core::prelude::*;

use super::on_samples;
use crate::forms::samples::{Number, Word};

#[tokio::test]
async fn patterns() {
    on_samples("patterns", async |forms| {
        forms.words("like", Word::text.like("%a%"), [1, 2, 3]).await;
        forms.words("like, any character", Word::text.like("a_pha"), [1]).await;
        forms.words("not like", !Word::text.like("%a%"), [4, 5]).await;
        forms.words("like, of NULL", !Word::maybe.like("%a%"), [3, 5]).await;
        forms.words("like a column", Word::text.like(Word::maybe.null_if("Alpha").coalesce("100%%")), [2]).await;
        forms.words("like an expression", Word::text.like(lit("al").concat("%")), [1]).await;
        forms.words("like, compared", Word::text.like("%a%").eq(Word::id.lt(3)), [1, 2, 4, 5]).await;
        forms.words("like_escape", Word::text.like_escape("100#%%", '#'), [2]).await;
        forms.words("like_escape of itself", lit("50#").like_escape("50##", '#') & Word::id.eq(1), [1]).await;
        forms.words("like_escape with a quote", Word::text.like_escape("100'%%", '\''), [2]).await;
        forms.words("like_escape with a backslash", Word::text.like_escape(r"100\%%", '\\'), [2]).await;
        forms.words("not like_escape", !Word::text.like_escape("100#%%", '#'), [1, 3, 4, 5]).await;
        forms.words("ilike", Word::text.ilike("ALPHA"), [1]).await;
        forms.words("ilike, upper case in the column", Word::maybe.ilike("alp%"), [1]).await;
        forms.words("contains", Word::text.contains("%_c"), [2]).await;
        forms.words("contains, quotes and a backslash", Word::text.contains(r#"'s "q" \ "#), [3]).await;
        forms.words("contains, beyond ASCII", Word::text.contains("ße 漢"), [4]).await;
        forms.words("contains, the escape character", Word::text.contains("!"), []).await;
        forms.words("contains nothing", Word::text.contains(""), [1, 2, 3, 4, 5]).await;
        forms.words("contains, of NULL", Word::maybe.contains("pad"), [4]).await;
        forms.words("starts_with", Word::text.starts_with("100%"), [2]).await;
        forms.words("starts_with, no pattern", Word::text.starts_with("1%_"), []).await;
        forms.words("ends_with", Word::text.ends_with("_case"), [2]).await;
        forms.words("ends_with, a backslash", Word::text.ends_with(r"\ back"), [3]).await;
        forms.words("several", Word::text.contains("a") & !Word::text.ends_with("a"), [2, 3]).await;
    })
    .await;
}

#[tokio::test]
async fn texts() {
    on_samples("texts", async |forms| {
        forms
            .of_words(
                "concat",
                Word::text.concat("!"),
                ["alpha!", "100%_case!", r#"it's "q" \ back!"#, "Füße 漢字 🎉!", "!"],
            )
            .await;
        let both = Word::text.concat(Word::maybe);
        forms.of_words("concat with NULL", both.is_null(), [false, true, false, false, false]).await;
        forms
            .of_words(
                "concat thrice",
                Word::id.cast::<String>().concat("/").concat(Word::id.cast::<String>()),
                ["1/1", "2/2", "3/3", "4/4", "5/5"],
            )
            .await;
        forms.words("concat, compared", lit("al").concat("pha").eq(Word::text), [1]).await;
        forms.words("concat, like", lit("x").concat(Word::text).like("xa%"), [1]).await;
        forms
            .of_words("lower", Word::maybe.lower(), [Some("alpha"), None, Some(""), Some("  padded  "), Some("zx")])
            .await;
        forms
            .of_words("upper", Word::maybe.upper(), [Some("ALPHA"), None, Some(""), Some("  PADDED  "), Some("ZX")])
            .await;
        forms.of_words("trim", Word::maybe.trim(), [Some("Alpha"), None, Some(""), Some("padded"), Some("zx")]).await;
        forms
            .of_words(
                "replace",
                Word::text.replace("a", "\\'"),
                ["\\'lph\\'", "100%_c\\'se", "it's \"q\" \\ b\\'ck", "Füße 漢字 🎉", ""],
            )
            .await;
        forms.of_words("substring", Word::text.substring(2, 3), ["lph", "00%", "t's", "üße", ""]).await;
        forms
            .of_words(
                "substring beyond the end",
                Word::text.substring(4, 99),
                ["ha", "%_case", r#"s "q" \ back"#, "e 漢字 🎉", ""],
            )
            .await;
        forms.of_words("substring from a column on", Word::text.substring(Word::id, 1), ["a", "0", "'", "e", ""]).await;
        forms.of_words("length", Word::text.length(), [5, 9, 15, 9, 0]).await;
        forms.of_words("length of NULL", Word::maybe.length(), [Some(5), None, Some(0), Some(10), Some(2)]).await;
        forms.of_words("length of an expression", Word::text.concat("ü").length() * 2, [12, 20, 32, 20, 2]).await;
        forms
            .rows("in an order", select(Word::id).order_by((Word::text.length().desc(), Word::id)), [3, 2, 4, 1, 5])
            .await;
        forms
            .rows("of a number", select(Number::whole.cast::<String>().length()).order_by(Number::id), [2, 2, 1, 1])
            .await;
    })
    .await;
}

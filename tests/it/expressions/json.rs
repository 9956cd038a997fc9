//! Places in JSON documents.

use retro_core::prelude::*;
use serde_json::{Value, json};

use super::on_samples;
use crate::forms::samples::{Thing, day, decimal};

#[tokio::test]
async fn json_paths() {
    on_samples("json_paths", async |forms| {
        let text = |text: &str| [Some(text.to_owned()), None, None];
        let at = |key: &str| Thing::data.at(key);
        forms.of_things("text", at("name").text(), text("C64")).await;
        forms.of_things("i32", at("kb").as_::<i32>(), [Some(64), None, None]).await;
        forms.of_things("i64", at("big").as_::<i64>(), [Some(9_007_199_254_740_993), None, None]).await;
        forms.of_things("i16, zero", at("zero").as_::<i16>(), [Some(0i16), None, None]).await;
        forms.of_things("f64", at("price").as_::<f64>(), [Some(595.5), None, None]).await;
        forms.of_things("f64 of a whole number", at("kb").as_::<f64>(), [Some(64.0), None, None]).await;
        forms.of_things("decimal", at("price").as_::<Decimal>(), [Some(decimal("595.5")), None, None]).await;
        forms.of_things("i32 of a fraction, cut off", at("price").as_::<i32>(), [Some(595), None, None]).await;
        forms.of_things("true", at("works").as_::<bool>(), [Some(true), None, None]).await;
        forms.of_things("false", at("broken").as_::<bool>(), [Some(false), None, None]).await;
        forms.of_things("null as text", at("none").text(), [None, None, None::<String>]).await;
        forms.of_things("null as a number", at("none").as_::<i32>(), [None, None, None::<i32>]).await;
        forms.of_things("null as a boolean", at("none").as_::<bool>(), [None, None, None::<bool>]).await;
        forms.of_things("missing", at("nothing").text(), [None, None, None::<String>]).await;
        forms
            .of_things("beyond what is missing", at("nothing").at("more").as_::<i32>(), [None, None, None::<i32>])
            .await;
        forms.of_things("within a scalar", at("kb").at("more").text(), [None, None, None::<String>]).await;
        forms.of_things("date", at("day").as_::<NaiveDate>(), [Some(day("1982-08-01")), None, None]).await;
        forms.of_things("number as text", at("kb").text(), text("64")).await;
        forms.of_things("boolean as text", at("works").text(), text("true")).await;
        forms.of_things("text as a number", at("number as text").as_::<i32>(), [None, None, None::<i32>]).await;
        forms.of_things("text that is no number", at("name").as_::<i32>(), [None, None, None::<i32>]).await;
        forms.of_things("text that is no boolean", at("name").as_::<bool>(), [None, None, None::<bool>]).await;
        forms.of_things("a document as text", at("ports").text(), [None, None, None::<String>]).await;
        forms.of_things("a document as a number", at("ports").as_::<i32>(), [None, None, None::<i32>]).await;

        forms.of_things("in an array", at("ports").at(1).text(), text("joystick")).await;
        forms.of_things("beyond an array", at("ports").at(9).text(), [None, None, None::<String>]).await;
        forms.of_things("deep", at("ports").at(2).at("pins").at(1).as_::<i32>(), [Some(24), None, None]).await;
        forms
            .of_things("in an array at the top", Thing::data.at(0).text(), [None, Some("zero".to_owned()), None])
            .await;
        forms.of_things("in an array in an array", Thing::data.at(1).at(1).as_::<i64>(), [None, Some(11), None]).await;
        forms
            .of_things(
                "of a document that may be missing",
                Thing::maybe_data.at("k").at(0).as_::<bool>(),
                [None, None, Some(true)],
            )
            .await;

        for (key, value) in [
            ("a.b", "dot"),
            ("it's", "quote"),
            ("say \"hi\"", "double"),
            ("back\\slash", "back"),
            ("ключ", "key"),
            ("", "empty"),
            ("1", "one"),
        ] {
            forms.of_things(&format!("the key {key:?}"), at(key).text(), text(value)).await;
        }
        for key in ["a\".\"b", "x' OR '1'='1", "$", "[0]", "*", "name\"", "\\\"", "{1,2}", "?"] {
            forms
                .of_things(
                    &format!("the key {key:?}, which is not there"),
                    at(key).text(),
                    [None, None, None::<String>],
                )
                .await;
        }
    })
    .await;
}

#[tokio::test]
async fn json_documents() {
    on_samples("json_documents", async |forms| {
        let document = |value: Value| Some(Json(value));
        let pins = Thing::data.at("ports").at(2).as_::<Json<Value>>();
        forms
            .of_things("a part of a document", pins, [document(json!({"name": "user", "pins": [1, 24]})), None, None])
            .await;
        forms
            .of_things(
                "a scalar as a document",
                Thing::data.at("kb").as_::<Json<Value>>(),
                [document(json!(64)), None, None],
            )
            .await;
        forms
            .of_things(
                "a text as a document",
                Thing::data.at("name").as_::<Json<Value>>(),
                [document(json!("C64")), None, None],
            )
            .await;
        forms
            .of_things("an array", Thing::data.at(1).as_::<Json<Vec<i32>>>(), [None, Some(Json(vec![10, 11])), None])
            .await;
        forms
            .of_things(
                "a whole document",
                Thing::maybe_data.nullable(),
                [document(json!(null)), None, document(json!({"k": [true]}))],
            )
            .await;

        forms.things("a condition", Thing::data.at("kb").as_::<i32>().gt(32), [1]).await;
        forms.things("a boolean as a condition", and_([Thing::data.at("works").as_::<bool>()]), [1]).await;
        forms.things("is not there", Thing::data.at("kb").as_::<i32>().is_null(), [2, 3]).await;
        forms.things("calculated with", (Thing::data.at("kb").as_::<i32>() * 2).eq(128), [1]).await;
        forms.things("a text compared", Thing::data.at("name").text().eq("C64"), [1]).await;
        forms.things("a text in a list", Thing::data.at(0).text().in_(["zero", "one"]), [2]).await;
        let name = Thing::data.at("name").text();
        let grouped = select((&name, count(Thing))).group_by(&name).order_by(name.asc().nulls_first());
        forms.rows("grouped and ordered", grouped, [(None, 2), (Some("C64".to_owned()), 1)]).await;
        forms.one("of a literal", select(lit(Json(json!({"a": [7]}))).at("a").at(0).as_::<i32>()), Some(7)).await;
        forms
            .things(
                "within a part of a document",
                Thing::data.at("ports").as_::<Json<Value>>().at(0).text().eq("joystick"),
                [1],
            )
            .await;
    })
    .await;
}

//! JSON in expressions: values within documents.

use std::sync::Arc;

use super::{Expr, Expression};
use crate::sql::node::{JsonStep, Node};
use crate::value::{ColumnType, SqlType};

/// JSON documents.
#[diagnostic::on_unimplemented(message = "`{Self}` is not JSON", label = "expected an expression of JSON")]
pub trait JsonDocument: ColumnType {}
impl<T> JsonDocument for crate::value::Json<T> where crate::value::Json<T>: ColumnType {}

/// A place in a JSON document. Read it [`as_`](JsonPath::as_) a type.
#[derive(Debug, Clone)]
#[must_use = "a place is nothing to select; read it with `.as_::<T>()`"]
pub struct JsonPath {
    document: Arc<Node>,
    path: Vec<JsonStep>,
}

/// What leads one step into a JSON document: a key of an object or the place in an array.
pub trait IntoJsonStep {
    #[doc(hidden)]
    fn into_step(self) -> Step;
}

/// A step as the crate knows it.
#[doc(hidden)]
pub struct Step(JsonStep);

impl IntoJsonStep for &str {
    fn into_step(self) -> Step {
        Step(JsonStep::Key(self.into()))
    }
}

impl IntoJsonStep for String {
    fn into_step(self) -> Step {
        Step(JsonStep::Key(self.into()))
    }
}

/// Counts from 0.
impl IntoJsonStep for u32 {
    fn into_step(self) -> Step {
        Step(JsonStep::Index(self))
    }
}

/// What expressions of JSON can do.
pub trait JsonExpression: Expression {
    /// A place in the document: `Product::specs.at("memory").at("kb").as_::<i32>()`.
    fn at(&self, step: impl IntoJsonStep) -> JsonPath
    where
        <Self::Type as ColumnType>::Base: JsonDocument,
    {
        JsonPath { document: self.node().0, path: vec![step.into_step().0] }
    }
}

impl<E: Expression> JsonExpression for E {}

impl JsonPath {
    /// One step further.
    pub fn at(mut self, step: impl IntoJsonStep) -> JsonPath {
        self.path.push(step.into_step().0);
        self
    }

    /// The scalar at this place as a type; `None` where there is nothing, a JSON `null`, or something
    /// of another kind: a text is no number, a number no boolean. A fraction is cut off to make a
    /// whole number. Text is made of booleans and numbers too, and dates, identifiers and bytes of
    /// text. With [`Json`](crate::value::Json) as the type it is the part of the document.
    pub fn as_<T: ColumnType<Base = T>>(self) -> Expr<Option<T>> {
        // A number within a document has no width, and a text no length.
        let to = match T::SQL_TYPE {
            SqlType::Enum(_) => SqlType::Text,
            other => other,
        };
        Expr::new(Node::Json { node: self.document, path: self.path.into(), to })
    }

    /// The text at this place.
    pub fn text(self) -> Expr<Option<String>> {
        self.as_()
    }
}

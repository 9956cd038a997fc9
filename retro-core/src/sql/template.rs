//! [`Template`]: text with expressions in it, for what the renderer has no word for.

use sea_query as sq;

use crate::dialect::Placeholder;

/// SQL that is written as it is, and expressions between it.
pub(crate) struct Template {
    text: String,
    exprs: Vec<sq::Expr>,
    placeholder: Placeholder,
}

impl Template {
    pub(crate) fn new(placeholder: Placeholder) -> Self {
        Template { text: String::new(), exprs: Vec::new(), placeholder }
    }

    /// An empty one for the same database.
    pub(crate) fn like(other: &Template) -> Self {
        Template::new(other.placeholder)
    }

    /// Text of the crate's own, which holds neither `?` nor `$`.
    pub(crate) fn sql(mut self, sql: &str) -> Self {
        debug_assert!(!sql.contains(['?', '$']), "would be taken for a placeholder: {sql}");
        self.text.push_str(sql);
        self
    }

    pub(crate) fn expr(mut self, expr: sq::Expr) -> Self {
        self.exprs.push(expr);
        match self.placeholder {
            Placeholder::Question => self.text.push('?'),
            Placeholder::Numbered => {
                self.text.push('$');
                self.text.push_str(&self.exprs.len().to_string());
            }
        }
        self
    }

    /// Expressions with commas between them.
    pub(crate) fn list(mut self, exprs: impl IntoIterator<Item = sq::Expr>) -> Self {
        for (index, expr) in exprs.into_iter().enumerate() {
            if index > 0 {
                self.text.push_str(", ");
            }
            self = self.expr(expr);
        }
        self
    }

    /// A text as a literal, for where the database takes no parameter.
    pub(crate) fn literal(self, text: &str) -> Self {
        self.expr(sq::Expr::Constant(sq::Value::String(Some(text.to_owned()))))
    }

    pub(crate) fn build(self) -> sq::Expr {
        sq::Expr::CustomWithExpr(self.text.into(), self.exprs)
    }
}

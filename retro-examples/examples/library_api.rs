//! A library as a REST API: books and their authors, with axum.
//!
//! `cargo run -p retro-examples --example library_api [URL]`, and then
//!
//! ```text
//! curl localhost:3000/books -H 'content-type: application/json' -d '{"title": "Emma", "author": "Jane Austen"}'
//! curl localhost:3000/books
//! ```
//!
//! The database is one in memory, or one that a URL names, where books of a run before this one are kept.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use retro_core::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Model, Debug, Clone)]
#[retro(table = "library_authors")]
struct Author {
    #[retro(primary_key)]
    id: i32,
    #[retro(length = 64, unique)]
    name: String,
    #[retro(back_populates = author)]
    books: HasMany<Book>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "library_books")]
struct Book {
    #[retro(primary_key)]
    id: i32,
    #[retro(length = 128)]
    title: String,
    #[retro(foreign_key = Author::id)]
    author_id: i32,
    #[retro(key = author_id, back_populates = books)]
    author: BelongsTo<Author>,
}

/// What is sent to make or change a book.
#[derive(Deserialize)]
struct BookIn {
    title: String,
    author: String,
}

/// What is answered.
#[derive(Serialize)]
struct BookOut {
    id: i32,
    title: String,
    author: String,
}

impl From<BookView<'_>> for BookOut {
    fn from(book: BookView<'_>) -> Self {
        BookOut { id: book.id(), title: book.title().to_owned(), author: book.author().name().to_owned() }
    }
}

enum ApiError {
    NotFound,
    Database(Error),
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        ApiError::Database(error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self {
            ApiError::NotFound => StatusCode::NOT_FOUND.into_response(),
            ApiError::Database(error) if error.is_integrity() => StatusCode::CONFLICT.into_response(),
            ApiError::Database(error) => {
                // For the log, not for the client.
                eprintln!("{error}");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

async fn author(session: &mut Session, name: &str) -> Result<Entity<Author>, Error> {
    let known = session.one_or_none(select(Author).filter(Author::name.eq(name))).await?;
    Ok(known.unwrap_or_else(|| session.add(new!(Author { name }))))
}

async fn found(session: &mut Session, id: i32) -> Result<Entity<Book>, ApiError> {
    let book = session.get::<Book>(id).await?.ok_or(ApiError::NotFound)?;
    session.load(book, Book::author).await?;
    Ok(book)
}

async fn list(State(engine): State<Engine>) -> Result<Json<Vec<BookOut>>, ApiError> {
    let mut session = Session::new(&engine);
    let books = session.all(select(Book).order_by(Book::id).options(joined(Book::author))).await?;
    Ok(Json(session.views(&books).map(BookOut::from).collect()))
}

async fn show(State(engine): State<Engine>, Path(id): Path<i32>) -> Result<Json<BookOut>, ApiError> {
    let mut session = Session::new(&engine);
    let book = found(&mut session, id).await?;
    Ok(Json(session.view(book).into()))
}

async fn create(
    State(engine): State<Engine>,
    Json(new): Json<BookIn>,
) -> Result<(StatusCode, Json<BookOut>), ApiError> {
    let mut session = Session::new(&engine);
    let author = author(&mut session, &new.author).await?;
    let book = session.add(new!(Book { title: new.title, author }));
    session.commit().await?;
    Ok((StatusCode::CREATED, Json(session.view(book).into())))
}

async fn change(
    State(engine): State<Engine>,
    Path(id): Path<i32>,
    Json(new): Json<BookIn>,
) -> Result<Json<BookOut>, ApiError> {
    let mut session = Session::new(&engine);
    let book = found(&mut session, id).await?;
    let author = author(&mut session, &new.author).await?;
    session[book].title = new.title;
    session.set(book, Book::author, author);
    session.commit().await?;
    Ok(Json(session.view(book).into()))
}

async fn remove(State(engine): State<Engine>, Path(id): Path<i32>) -> Result<StatusCode, ApiError> {
    let mut session = Session::new(&engine);
    let book = found(&mut session, id).await?;
    session.delete(book);
    session.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn app(url: &str) -> Result<Router, Error> {
    let engine = Engine::connect(url).await?;
    metadata![Author, Book].create_all(&engine).await?;
    Ok(Router::new()
        .route("/books", get(list).post(create))
        .route("/books/{id}", get(show).put(change).delete(remove))
        .with_state(engine))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "sqlite::memory:".into());
    let app = app(&url).await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("http://{}/books", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt;

    use super::*;

    async fn ask(app: &Router, method: &str, path: &str, body: &str) -> (u16, String) {
        let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
        let response = app.clone().oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_book_comes_and_goes() -> Result<(), Error> {
        let app = app("sqlite::memory:").await?;
        let emma = r#"{"id":1,"title":"Emma","author":"Jane Austen"}"#;
        let asked = r#"{"title": "Emma", "author": "Jane Austen"}"#;
        assert_eq!(ask(&app, "POST", "/books", asked).await, (201, emma.into()));
        assert_eq!(ask(&app, "GET", "/books", "").await, (200, format!("[{emma}]")));

        let changed = r#"{"id":1,"title":"Shirley","author":"Charlotte Brontë"}"#;
        let asked = r#"{"title": "Shirley", "author": "Charlotte Brontë"}"#;
        assert_eq!(ask(&app, "PUT", "/books/1", asked).await, (200, changed.into()));
        assert_eq!(ask(&app, "GET", "/books/1", "").await, (200, changed.into()));

        assert_eq!(ask(&app, "DELETE", "/books/1", "").await.0, 204);
        assert_eq!(ask(&app, "GET", "/books/1", "").await.0, 404);
        Ok(())
    }
}

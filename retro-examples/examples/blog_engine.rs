//! A blog: users with hashed passwords, posts, comments, and pages of posts.
//!
//! `cargo run -p retro-examples --example blog_engine [URL]`
//!
//! The database is one in memory; in one that a URL names, tables with these names are dropped first.

use std::error::Error as StdError;

use argon2::Argon2;
use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{self, PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use retro_core::prelude::*;

#[derive(Model, Debug, Clone)]
#[retro(table = "postings_users")]
struct User {
    #[retro(primary_key)]
    id: i32,
    #[retro(length = 64, unique)]
    name: String,
    /// Never the password; and not even the hash shows up in errors and logs.
    #[retro(length = 128, sensitive)]
    password_hash: String,
    #[retro(back_populates = author, lazy = "write_only")]
    posts: HasMany<Post>,
}

impl User {
    /// The only way to make a user: no password comes into the session unhashed.
    fn register(name: &str, password: &str) -> Result<User, password_hash::Error> {
        let salt = SaltString::generate(&mut OsRng);
        let password_hash = Argon2::default().hash_password(password.as_bytes(), &salt)?.to_string();
        Ok(new!(User { name, password_hash }))
    }

    fn has_password(&self, password: &str) -> bool {
        PasswordHash::new(&self.password_hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    }
}

#[derive(Model, Debug, Clone)]
#[retro(table = "postings_posts")]
struct Post {
    #[retro(primary_key)]
    id: i32,
    #[retro(length = 128)]
    title: String,
    #[retro(foreign_key = User::id)]
    author_id: i32,
    #[retro(key = author_id, back_populates = posts)]
    author: BelongsTo<User>,
    #[retro(back_populates = post, cascade = "all, delete-orphan", order_by = Comment::id)]
    comments: HasMany<Comment>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "postings_comments")]
struct Comment {
    #[retro(primary_key)]
    id: i32,
    text: String,
    #[retro(foreign_key = Post::id)]
    post_id: i32,
    #[retro(key = post_id, back_populates = comments)]
    post: BelongsTo<Post>,
}

/// A page of posts, the newest first, each with its author and the number of its comments, which are
/// counted and not loaded. The page says how many posts there are in all. Three statements, however long
/// the page is.
async fn front_page(session: &mut Session, number: u64) -> Result<Vec<String>, Error> {
    let comments = count(Comment);
    let posts = select((Post, comments)).outer_join(Post::comments).group_by(Post).order_by(Post::id.desc());
    let page = session.page(posts.options(selectin(Post::author)), number, 2).await?;
    let mut lines = vec![format!("page {} of {}", page.number, page.pages())];
    for (post, comments) in page.items {
        let post = session.view(post);
        lines.push(format!("{} by {}, {comments} comments", post.title(), post.author().name()));
    }
    Ok(lines)
}

async fn run(engine: &Engine) -> Result<Vec<String>, Box<dyn StdError>> {
    let metadata = metadata![User, Post, Comment];
    metadata.drop_all(engine).await?;
    metadata.create_all(engine).await?;

    let mut session = Session::new(engine);
    let agnes = session.add(User::register("agnes", "correct horse")?);
    for title in ["Tape or disk?", "A new keyboard", "The lost ROM"] {
        session.push(agnes, User::posts, new!(Post { title }));
    }
    session.commit().await?;

    let newest = session.members(agnes, User::posts)?.order_by(Post::id.desc()).limit(1);
    let newest = session.one(newest).await?;
    for text in ["Found it!", "Where?"] {
        session.push(newest, Post::comments, new!(Comment { text }));
    }
    session.commit().await?;

    let user = &session[agnes];
    let mut lines = vec![
        format!("right password: {}", user.has_password("correct horse")),
        format!("wrong password: {}", user.has_password("battery staple")),
    ];
    for number in 1..=2 {
        lines.extend(front_page(&mut session, number).await?);
    }
    Ok(lines)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "sqlite::memory:".into());
    for line in run(&Engine::connect(&url).await?).await? {
        println!("{line}");
    }
    Ok(())
}

#[tokio::test]
async fn posts_come_page_by_page() -> Result<(), Box<dyn StdError>> {
    let lines = run(&Engine::connect("sqlite::memory:").await?).await?;
    let expected = [
        "right password: true",
        "wrong password: false",
        "page 1 of 2",
        "The lost ROM by agnes, 2 comments",
        "A new keyboard by agnes, 0 comments",
        "page 2 of 2",
        "Tape or disk? by agnes, 0 comments",
    ];
    assert_eq!(lines, expected);
    Ok(())
}

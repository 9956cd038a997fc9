//! The word lists that customers and comments are made of.

#[rustfmt::skip]
pub(super) const FIRST_NAMES: &[&str] = &[
    "Ada", "Alan", "Alice", "Amara", "Andrzej", "Anna", "Anton", "Arjun", "Astrid", "Barbara",
    "Beatriz", "Björn", "Brian", "Carmen", "Carol", "Chloé", "Clara", "Daniel", "David", "Deborah",
    "Diego", "Donald", "Edith", "Elena", "Emma", "Eric", "Erika", "Fatima", "Felix", "Fiona",
    "Frances", "George", "Gloria", "Grace", "Gustavo", "Hannah", "Harold", "Helen", "Henry", "Hiroshi",
    "Ingrid", "Irene", "Ivan", "Jack", "James", "Jana", "Jean", "Jürgen", "Joan", "John",
    "José", "Joyce", "Julia", "Karen", "Kenji", "Kevin", "Laura", "Leila", "Leon", "Linda",
    "Lucía", "Magda", "Marcus", "Margaret", "Maria", "Martin", "Mei", "Michael", "Mónica", "Nadia",
    "Naomi", "Nils", "Noah", "Olga", "Oliver", "Oscar", "Pamela", "Patrick", "Paul", "Pedro",
    "Petra", "Rachel", "Rafael", "Ravi", "Rita", "Robert", "Rosa", "Ruth", "Samuel", "Sanjay",
    "Sofia", "Stefan", "Susan", "Teresa", "Thomas", "Tomás", "Ursula", "Victor", "Walter", "Zoë",
];

#[rustfmt::skip]
pub(super) const LAST_NAMES: &[&str] = &[
    "Abbott", "Adler", "Almeida", "Andersen", "Archer", "Baker", "Banerjee", "Barnes", "Becker", "Bell",
    "Bennett", "Bergström", "Blake", "Boyd", "Brandt", "Brooks", "Burke", "Calder", "Carter", "Castillo",
    "Chandra", "Chen", "Clarke", "Coleman", "Conti", "Cooper", "Costa", "Cruz", "Dalton", "Davies",
    "Delgado", "Dixon", "Doyle", "Dubois", "Duncan", "Eklund", "Ellis", "Evans", "Farrell", "Ferrari",
    "Fischer", "Fletcher", "Forsyth", "Foster", "Fraser", "Gallagher", "García", "Gibson", "Grant", "Gupta",
    "Hale", "Hansen", "Harper", "Hayashi", "Hoffmann", "Holt", "Horváth", "Hughes", "Ibáñez", "Ito",
    "Jansen", "Jensen", "Kane", "Kaplan", "Keller", "Khan", "Kim", "Kovač", "Kowalski", "Lambert",
    "Larsen", "Lehmann", "Lindgren", "Lopes", "Mackay", "Marsh", "Mendes", "Meyer", "Mills", "Moreau",
    "Morris", "Müller", "Nakamura", "Nash", "Novák", "O'Brien", "O'Neill", "Okafor", "Olsen", "Osborne",
    "Park", "Patel", "Pereira", "Petrov", "Popescu", "Porter", "Quinn", "Ramos", "Reid", "Rossi",
    "Ryan", "Sánchez", "Sato", "Schmidt", "Shaw", "Silva", "Smith-Jones", "Sokolov", "Stone", "Suzuki",
    "Tanaka", "Taylor", "Thorne", "Turner", "Vance", "Vargas", "Virtanen", "Wagner", "Walsh", "Webb",
    "Weiss", "West", "Whitaker", "Winter", "Wong", "Wright", "Yamada", "Young", "Zhang", "Zimmermann",
];

#[rustfmt::skip]
pub(super) const STREETS: &[&str] = &[
    "Maple", "Harbour", "Orchard", "Chapel", "Granite", "Willow", "Foundry", "Meadow", "Lantern", "Quarry",
    "Juniper", "Mill", "Station", "Heron", "Copper", "Vineyard", "Bridge", "Cinder", "Larch", "Market",
];

#[rustfmt::skip]
pub(super) const STREET_KINDS: &[&str] =
    &["Street", "Street", "Avenue", "Lane", "Road", "Drive", "Court", "Way"];

#[rustfmt::skip]
pub(super) const TOWN_STARTS: &[&str] = &[
    "Alder", "Ash", "Bright", "Clear", "Elm", "Fair", "Green", "Hart", "Kings", "Lake",
    "Mill", "North", "Oak", "Raven", "Silver", "Stone", "Thorn", "Wester", "White", "Winter",
];

#[rustfmt::skip]
pub(super) const TOWN_ENDS: &[&str] =
    &["ton", "field", "ford", "bury", "wood", "haven", "ridge", "mouth", "dale", "brook"];

/// States, with the first three digits of a postal code and an area code in each.
#[rustfmt::skip]
pub(super) const STATES: &[(&str, u16, u16)] = &[
    ("AZ", 850, 602), ("CA", 945, 510), ("CO", 802, 303), ("FL", 331, 305), ("GA", 303, 404),
    ("IL", 606, 312), ("MA", 21, 617), ("MD", 212, 410), ("ME", 41, 207), ("MI", 482, 313),
    ("MN", 554, 612), ("MO", 631, 314), ("NC", 276, 919), ("NJ", 71, 973), ("NM", 871, 505),
    ("NY", 100, 212), ("OH", 432, 614), ("OR", 972, 503), ("PA", 191, 215), ("TN", 372, 615),
    ("TX", 787, 512), ("UT", 841, 801), ("VA", 232, 804), ("VT", 54, 802), ("WA", 981, 206),
];

/// For four and five stars.
#[rustfmt::skip]
pub(super) const PRAISE: &[&str] = &[
    "Works as on the day it was made.", "Just like the one I had as a child!",
    "Careful packing, quick delivery.", "The keyboard feels wonderful.", "My kids love the games.",
    "Cleaned, tested, and with all its cables.", "Loads from tape at the first try.",
    "Even the manual was in the box.", "Worth every cent.", "It said \"READY\" and so was I.",
    "The picture is sharp, the sound is loud.", "Will buy here again.",
];

/// For three stars.
#[rustfmt::skip]
pub(super) const SHRUGS: &[&str] = &[
    "Does what it should, no more.", "Yellowed, but it works.",
    "The power supply hums; I replaced it.", "Smaller than I remembered.",
    "Good machine, slow delivery.", "The joystick port is loose.", "Fine for the price.",
];

/// For one and two stars.
#[rustfmt::skip]
pub(super) const COMPLAINTS: &[&str] = &[
    "Dead on arrival.", "The \"A\" key sticks, and so does the space bar.",
    "No picture, only a black screen.", "Arrived with a broken case.",
    "Smells of smoke.", "The disk drive reads nothing.", "Not the revision in the photo.",
    "Had to replace half of the memory chips.",
];

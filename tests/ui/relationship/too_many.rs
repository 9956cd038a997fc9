//! A model has a bit for each of its relationships, and 64 of them.

use retro_core::prelude::*;

#[derive(Model, Debug, Clone)]
#[retro(table = "machines")]
struct Machine {
    #[retro(primary_key)]
    id: i32,
    #[retro(foreign_key = Machine::id)]
    at_1: Option<i32>,
    #[retro(key = at_1)]
    to_1: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_2: Option<i32>,
    #[retro(key = at_2)]
    to_2: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_3: Option<i32>,
    #[retro(key = at_3)]
    to_3: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_4: Option<i32>,
    #[retro(key = at_4)]
    to_4: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_5: Option<i32>,
    #[retro(key = at_5)]
    to_5: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_6: Option<i32>,
    #[retro(key = at_6)]
    to_6: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_7: Option<i32>,
    #[retro(key = at_7)]
    to_7: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_8: Option<i32>,
    #[retro(key = at_8)]
    to_8: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_9: Option<i32>,
    #[retro(key = at_9)]
    to_9: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_10: Option<i32>,
    #[retro(key = at_10)]
    to_10: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_11: Option<i32>,
    #[retro(key = at_11)]
    to_11: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_12: Option<i32>,
    #[retro(key = at_12)]
    to_12: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_13: Option<i32>,
    #[retro(key = at_13)]
    to_13: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_14: Option<i32>,
    #[retro(key = at_14)]
    to_14: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_15: Option<i32>,
    #[retro(key = at_15)]
    to_15: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_16: Option<i32>,
    #[retro(key = at_16)]
    to_16: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_17: Option<i32>,
    #[retro(key = at_17)]
    to_17: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_18: Option<i32>,
    #[retro(key = at_18)]
    to_18: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_19: Option<i32>,
    #[retro(key = at_19)]
    to_19: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_20: Option<i32>,
    #[retro(key = at_20)]
    to_20: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_21: Option<i32>,
    #[retro(key = at_21)]
    to_21: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_22: Option<i32>,
    #[retro(key = at_22)]
    to_22: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_23: Option<i32>,
    #[retro(key = at_23)]
    to_23: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_24: Option<i32>,
    #[retro(key = at_24)]
    to_24: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_25: Option<i32>,
    #[retro(key = at_25)]
    to_25: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_26: Option<i32>,
    #[retro(key = at_26)]
    to_26: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_27: Option<i32>,
    #[retro(key = at_27)]
    to_27: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_28: Option<i32>,
    #[retro(key = at_28)]
    to_28: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_29: Option<i32>,
    #[retro(key = at_29)]
    to_29: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_30: Option<i32>,
    #[retro(key = at_30)]
    to_30: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_31: Option<i32>,
    #[retro(key = at_31)]
    to_31: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_32: Option<i32>,
    #[retro(key = at_32)]
    to_32: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_33: Option<i32>,
    #[retro(key = at_33)]
    to_33: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_34: Option<i32>,
    #[retro(key = at_34)]
    to_34: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_35: Option<i32>,
    #[retro(key = at_35)]
    to_35: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_36: Option<i32>,
    #[retro(key = at_36)]
    to_36: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_37: Option<i32>,
    #[retro(key = at_37)]
    to_37: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_38: Option<i32>,
    #[retro(key = at_38)]
    to_38: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_39: Option<i32>,
    #[retro(key = at_39)]
    to_39: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_40: Option<i32>,
    #[retro(key = at_40)]
    to_40: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_41: Option<i32>,
    #[retro(key = at_41)]
    to_41: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_42: Option<i32>,
    #[retro(key = at_42)]
    to_42: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_43: Option<i32>,
    #[retro(key = at_43)]
    to_43: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_44: Option<i32>,
    #[retro(key = at_44)]
    to_44: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_45: Option<i32>,
    #[retro(key = at_45)]
    to_45: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_46: Option<i32>,
    #[retro(key = at_46)]
    to_46: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_47: Option<i32>,
    #[retro(key = at_47)]
    to_47: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_48: Option<i32>,
    #[retro(key = at_48)]
    to_48: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_49: Option<i32>,
    #[retro(key = at_49)]
    to_49: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_50: Option<i32>,
    #[retro(key = at_50)]
    to_50: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_51: Option<i32>,
    #[retro(key = at_51)]
    to_51: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_52: Option<i32>,
    #[retro(key = at_52)]
    to_52: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_53: Option<i32>,
    #[retro(key = at_53)]
    to_53: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_54: Option<i32>,
    #[retro(key = at_54)]
    to_54: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_55: Option<i32>,
    #[retro(key = at_55)]
    to_55: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_56: Option<i32>,
    #[retro(key = at_56)]
    to_56: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_57: Option<i32>,
    #[retro(key = at_57)]
    to_57: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_58: Option<i32>,
    #[retro(key = at_58)]
    to_58: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_59: Option<i32>,
    #[retro(key = at_59)]
    to_59: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_60: Option<i32>,
    #[retro(key = at_60)]
    to_60: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_61: Option<i32>,
    #[retro(key = at_61)]
    to_61: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_62: Option<i32>,
    #[retro(key = at_62)]
    to_62: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_63: Option<i32>,
    #[retro(key = at_63)]
    to_63: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_64: Option<i32>,
    #[retro(key = at_64)]
    to_64: BelongsTo<Option<Machine>>,
    #[retro(foreign_key = Machine::id)]
    at_65: Option<i32>,
    #[retro(key = at_65)]
    to_65: BelongsTo<Option<Machine>>,
}

fn main() {}

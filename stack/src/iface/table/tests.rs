//! Tests of the small tables.

use super::*;
use alloc::vec;
use alloc::vec::Vec;

fn table(slots: usize) -> Table<'static, u8> {
    Table::new(vec![Slot::EMPTY; slots].into())
}

fn entries(table: &Table<'_, u8>) -> Vec<u8> {
    table.iter().copied().collect()
}

#[test]
fn entries_come_and_go_until_there_is_no_room() {
    let mut table = table(3);
    for entry in 1..=3 {
        assert!(!table.is_full());
        assert_eq!(table.push(entry), Some(&mut entry.clone()));
    }
    assert!(table.is_full());
    assert_eq!(table.push(4), None);
    assert_eq!(table.take(|&entry| entry == 1), Some(1));
    assert_eq!(table.take(|&entry| entry == 1), None);
    assert_eq!(entries(&table), [2, 3]);
    *table.find(|&entry| entry == 3).unwrap() = 9;
    assert!(table.push(1).is_some());
    assert_eq!(entries(&table), [2, 9, 1]);
    assert!(table.retain(|&entry| entry > 1));
    assert!(!table.retain(|&entry| entry > 1));
    assert_eq!(entries(&table), [2, 9]);
}

#[test]
fn no_slots_means_no_entries() {
    let mut table = table(0);
    assert!(table.is_full());
    assert_eq!(table.push(1), None);
    assert_eq!(table.take(|_| true), None);
    assert!(!table.retain(|_| false));
}

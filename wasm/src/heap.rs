//! The heap of a module: blocks whose sizes are powers of two, and for each size the list of its free ones.
//!
//! A module lives on one buffer that grows to the longest request and on few short texts for each call, so nothing has to be
//! split or joined again. The standard library's allocator, which does that, would be a fifth of the module.

use std::{
    alloc::{GlobalAlloc, Layout},
    cell::RefCell,
    ptr::{null_mut, with_exposed_provenance_mut},
};

/// The allocator of a module, which has one thread.
pub(crate) struct Heap(RefCell<Blocks>);

// SAFETY: a module has one thread, and nothing interrupts a call.
unsafe impl Sync for Heap {}

/// Where free blocks are. A free block holds the address of the next one of its size.
struct Blocks {
    /// The first free block of each size: of the smallest, of twice that, and so on. 0 where there is none.
    free: [usize; SIZES],
    /// What the host gave and was never used.
    fresh: usize,
    end: usize,
    /// Asks the host for so many pages more: the address of the first, which is behind all that it gave before.
    grow: fn(usize) -> Option<usize>,
}

impl Heap {
    pub(crate) const fn new(grow: fn(usize) -> Option<usize>) -> Self {
        Self(RefCell::new(Blocks { free: [0; SIZES], fresh: 0, end: 0, grow }))
    }
}

// SAFETY: a block is given to one caller at a time, it is as large as its size says and aligned to `SMALLEST`, and what asks
// for another alignment gets none.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let block = size_of(layout).and_then(|size| self.0.borrow_mut().take(size));
        block.map_or(null_mut(), with_exposed_provenance_mut)
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if let Some(size) = size_of(layout) {
            self.0.borrow_mut().give(block.expose_provenance(), size);
        }
    }
}

impl Blocks {
    fn take(&mut self, size: usize) -> Option<usize> {
        let first = self.free.get_mut(size)?;
        let block = *first;
        if block != 0 {
            // SAFETY: the block is free, so that it holds an address.
            *first = unsafe { with_exposed_provenance_mut::<usize>(block).read() };
            return Some(block);
        }
        let bytes = SMALLEST << size;
        let missing = bytes.saturating_sub(self.end.wrapping_sub(self.fresh));
        if missing > 0 {
            let pages = missing.div_ceil(PAGE);
            let start = (self.grow)(pages)?;
            if self.end == 0 {
                self.fresh = start;
            }
            self.end = start.wrapping_add(pages.wrapping_mul(PAGE));
        }
        let block = self.fresh;
        self.fresh = block.wrapping_add(bytes);
        Some(block)
    }

    fn give(&mut self, block: usize, size: usize) {
        if let Some(first) = self.free.get_mut(size) {
            // SAFETY: nobody has the block any more, and the smallest has room for an address.
            unsafe { with_exposed_provenance_mut::<usize>(block).write(*first) };
            *first = block;
        }
    }
}

/// Which size fits: 0 is the smallest, and each further one twice the one before.
fn size_of(layout: Layout) -> Option<usize> {
    let blocks = layout.size().div_ceil(SMALLEST).checked_next_power_of_two()?;
    let size = usize::try_from(blocks.trailing_zeros()).ok()?;
    (layout.align() <= SMALLEST).then_some(size)
}

/// Bytes of the smallest block, and its alignment.
const SMALLEST: usize = 16;

/// WebAssembly's addresses have 32 bits, so that 2 GiB are the largest block.
const SIZES: usize = 28;

/// What WebAssembly grows by.
const PAGE: usize = 65_536;

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    static GIVEN: AtomicUsize = AtomicUsize::new(0);

    /// A host of 64 pages.
    fn grow(pages: usize) -> Option<usize> {
        static ARENA: std::sync::LazyLock<usize> = std::sync::LazyLock::new(|| {
            let arena: &mut [u128] = Vec::leak(vec![0; 64 * PAGE / 16]);
            arena.as_mut_ptr().expose_provenance()
        });
        let before = GIVEN.fetch_add(pages, Ordering::Relaxed);
        let is_had = before.checked_add(pages).is_some_and(|after| after <= 64);
        is_had.then(|| ARENA.wrapping_add(before.wrapping_mul(PAGE)))
    }

    #[test]
    fn blocks_never_overlap_and_freed_ones_are_given_again() {
        let heap = Heap::new(grow);
        let layout = |bytes, align| Layout::from_size_align(bytes, align).unwrap();
        let mut held: Vec<(*mut u8, Layout, u8)> = Vec::new();
        for round in 0..20_000_usize {
            // Sizes from one byte to two pages, in an order that no list of free blocks survives unchanged.
            let bytes = 1 + (round * 7_919) % (1 << (1 + round % 17));
            let layout = layout(bytes, 1 << (round % 5));
            // SAFETY: the layout has a size, each block is freed once and by its own layout, and written within it.
            unsafe {
                let block = heap.alloc(layout);
                assert!(!block.is_null() && block.addr().is_multiple_of(SMALLEST), "round {round}");
                let mark = u8::try_from(round % 251).unwrap();
                block.write_bytes(mark, bytes);
                held.push((block, layout, mark));
                if held.len() > 12 {
                    let (block, layout, mark) = held.remove(round % 12);
                    let left = std::slice::from_raw_parts(block, layout.size());
                    assert!(left.iter().all(|byte| *byte == mark), "round {round}");
                    heap.dealloc(block, layout);
                }
            }
        }
        // SAFETY: a size and an alignment that are not met give no block.
        unsafe {
            assert!(heap.alloc(layout(isize::MAX as usize - 15, 1)).is_null());
            assert!(heap.alloc(layout(16, 32)).is_null());
            assert!(heap.alloc(layout(65 * PAGE, 1)).is_null());
        }
    }
}

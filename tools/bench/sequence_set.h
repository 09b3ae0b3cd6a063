// A set of sequence numbers that begin at 0 and are nearly dense: one bit for each. Grows with the
// highest number seen; a run is bounded by its own length.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

namespace lotmesh::bench {

class SequenceSet {
public:
    // Beyond this a number cannot be one of ours, and must not cost memory.
    static constexpr std::uint64_t kSequenceMax = 1ULL << 36U;

    // False where it was in already, or is out of range.
    bool insert(std::uint64_t sequence) {
        if (sequence >= kSequenceMax) return false;
        const auto word = static_cast<std::size_t>(sequence / 64);
        const std::uint64_t bit = 1ULL << (sequence % 64);
        if (word >= words_.size()) words_.resize(word + 1);
        if ((words_[word] & bit) != 0) return false;
        words_[word] |= bit;
        ++size_;
        return true;
    }

    bool contains(std::uint64_t sequence) const {
        const auto word = static_cast<std::size_t>(sequence / 64);
        return word < words_.size() && (words_[word] >> (sequence % 64) & 1U) != 0;
    }

    // Calls visit(sequence), in order, for what is here and not in `other`.
    template <typename Visit>
    void for_each_not_in(const SequenceSet& other, Visit&& visit) const {
        for (std::size_t word = 0; word < words_.size(); ++word) {
            std::uint64_t bits = words_[word];
            if (word < other.words_.size()) bits &= ~other.words_[word];
            for (; bits != 0; bits &= bits - 1)
                visit(word * 64 + static_cast<std::uint64_t>(std::countr_zero(bits)));
        }
    }

    std::uint64_t size() const { return size_; }

private:
    std::vector<std::uint64_t> words_;
    std::uint64_t size_ = 0;
};

}  // namespace lotmesh::bench

// Notebooks (`.lotnb`): a JSON array of cells, of which those that hold routes are source text
// each.
//
//     [{"kind": 2, "language": "lot", "value": "DEFINE ROUTE ..."}, ...]
//
// kind 1 is text for people; python, shell and other code is not ours. An empty or blank file is an
// empty notebook. What is changed in cells is written back without touching anything beside them.
// Pure. Bounded by kNotebookCellsMax and
// kNotebookNestingMax; the file's size is the caller's to bound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "compiler/source/source.h"

namespace lotmesh::source {

inline constexpr std::size_t kNotebookCellsMax = 10'000;
inline constexpr std::size_t kNotebookNestingMax = 64;  // arrays and objects in each other

// By the file's name.
bool is_notebook(std::string_view file_name);

struct NotebookError {
    std::uint32_t offset = 0;  // bytes of the file, behind a byte order mark
    std::string message;       // one clause, as a diagnostic has it
    bool operator==(const NotebookError&) const = default;
};

// The cells of `lot` code in their order, each with its place; cell <N> of a file is named
// <file>#cell<N>, counted from 0 over all cells.
Result<std::vector<SourceText>, NotebookError> lot_cells(const SourceText& notebook);

// The files, and in the place of each notebook its cells. One that is none, or has more bytes,
// stays with its name.
std::vector<SourceText> expand_notebooks(std::span<const SourceText> files, std::size_t bytes_max);

// The notebook with these texts in its lot cells, one for each of lot_cells().
std::string with_cells(const SourceText& notebook, std::span<const std::string> texts);

// Where a byte of a cell's text stands in its notebook.
std::uint32_t notebook_offset(const CellPlace& place, std::uint32_t text_offset);

}  // namespace lotmesh::source

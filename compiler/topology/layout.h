// Where the boxes of a picture stand: the same picture gives the same places. Graphs where nearly
// everybody has a link with everybody stand in a circle; others are relaxed from one until lines
// are about equally long. Parts without a line between them stand side by side.
//
// Pure; a fixed number of steps, fewer where there are many boxes.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace lotmesh::topology {

struct Box {
    double x = 0;  // its middle
    double y = 0;
    double width = 0;
    double height = 0;
};

// Fills in the middles. A pair joins two boxes by a line, whose middles are about `length` apart.
void arrange(std::vector<Box>& boxes, const std::vector<std::pair<std::size_t, std::size_t>>& lines,
             double length);

}  // namespace lotmesh::topology

//! Topological order. Knows nothing of models: nodes are numbers, an edge says "this before that".
//!
//! Orders are stable: of what could come next, the lowest number does. Nothing recurses, so a chain
//! may be as long as memory allows.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A graph of numbered nodes.
pub(crate) struct Graph {
    after: Vec<Vec<usize>>,
}

impl Graph {
    pub(crate) fn new(nodes: usize, edges: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut after = vec![Vec::new(); nodes];
        for (first, second) in edges {
            after[first].push(second);
        }
        for list in &mut after {
            list.sort_unstable();
            list.dedup();
        }
        Graph { after }
    }

    fn len(&self) -> usize {
        self.after.len()
    }

    pub(crate) fn after(&self, node: usize) -> &[usize] {
        &self.after[node]
    }

    /// The nodes in order, or those that are left over because they lie on a cycle or behind one.
    pub(crate) fn order(&self) -> Result<Vec<usize>, Vec<usize>> {
        let mut waiting = vec![0_usize; self.len()];
        for &node in self.after.iter().flatten() {
            waiting[node] += 1;
        }
        let mut ready: BinaryHeap<Reverse<usize>> = (0..self.len()).filter(|&n| waiting[n] == 0).map(Reverse).collect();
        let mut order = Vec::with_capacity(self.len());
        while let Some(Reverse(node)) = ready.pop() {
            order.push(node);
            for &next in &self.after[node] {
                waiting[next] -= 1;
                if waiting[next] == 0 {
                    ready.push(Reverse(next));
                }
            }
        }
        if order.len() == self.len() {
            return Ok(order);
        }
        Err((0..self.len()).filter(|&node| waiting[node] > 0).collect())
    }

    /// The strongly connected components in topological order: each is one node, or nodes that
    /// depend on each other in circles. Nodes within a component are in ascending order.
    pub(crate) fn components(&self) -> Vec<Vec<usize>> {
        let component_of = self.component_numbers();
        let count = component_of.iter().max().map_or(0, |max| max + 1);
        let mut members = vec![Vec::new(); count];
        for (node, &component) in component_of.iter().enumerate() {
            members[component].push(node);
        }
        // Numbered by their lowest node, so that the order of the components is stable too.
        members.sort_unstable_by_key(|nodes| nodes[0]);
        let mut rank = vec![0; self.len()];
        for (component, nodes) in members.iter().enumerate() {
            for &node in nodes {
                rank[node] = component;
            }
        }
        let edges = (0..self.len())
            .flat_map(|node| self.after[node].iter().map(move |&next| (node, next)))
            .map(|(node, next)| (rank[node], rank[next]))
            .filter(|(a, b)| a != b);
        let order = match Graph::new(count, edges).order() {
            Ok(order) => order,
            // Components have no cycles among them; that is what makes them components.
            Err(_) => unreachable!("a cycle between strongly connected components"),
        };
        order.into_iter().map(|component| std::mem::take(&mut members[component])).collect()
    }

    /// Tarjan's algorithm with an explicit stack.
    fn component_numbers(&self) -> Vec<usize> {
        const NONE: usize = usize::MAX;
        let mut search = Search {
            index: vec![NONE; self.len()],
            low: vec![0; self.len()],
            open: Vec::new(),
            component: vec![NONE; self.len()],
            next: 0,
            components: 0,
        };
        for root in 0..self.len() {
            if search.index[root] != NONE {
                continue;
            }
            let mut path = vec![(root, 0)];
            search.enter(root);
            while let Some((node, position)) = path.last_mut() {
                let node = *node;
                if let Some(&next) = self.after[node].get(*position) {
                    *position += 1;
                    if search.index[next] == NONE {
                        search.enter(next);
                        path.push((next, 0));
                    } else if search.component[next] == NONE {
                        search.low[node] = search.low[node].min(search.index[next]);
                    }
                    continue;
                }
                path.pop();
                search.leave(node);
                if let Some(&(parent, _)) = path.last() {
                    search.low[parent] = search.low[parent].min(search.low[node]);
                }
            }
        }
        search.component
    }
}

struct Search {
    index: Vec<usize>,
    low: Vec<usize>,
    open: Vec<usize>,
    component: Vec<usize>,
    next: usize,
    components: usize,
}

impl Search {
    fn enter(&mut self, node: usize) {
        self.index[node] = self.next;
        self.low[node] = self.next;
        self.next += 1;
        self.open.push(node);
    }

    fn leave(&mut self, node: usize) {
        if self.low[node] != self.index[node] {
            return;
        }
        while let Some(member) = self.open.pop() {
            self.component[member] = self.components;
            if member == node {
                break;
            }
        }
        self.components += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::Graph;

    #[test]
    fn order_is_stable() {
        let graph = Graph::new(5, [(4, 0), (2, 1)]);
        assert_eq!(graph.order(), Ok(vec![2, 1, 3, 4, 0]));
    }

    #[test]
    fn a_cycle_leaves_its_nodes_over() {
        let graph = Graph::new(4, [(0, 1), (1, 2), (2, 1), (2, 3)]);
        assert_eq!(graph.order(), Err(vec![1, 2, 3]));
    }

    #[test]
    fn components_come_in_order() {
        let graph = Graph::new(5, [(3, 0), (0, 1), (1, 0), (1, 4), (2, 2)]);
        assert_eq!(graph.components(), vec![vec![2], vec![3], vec![0, 1], vec![4]]);
    }

    #[test]
    fn a_long_chain_does_not_overflow_the_stack() {
        let n = 200_000;
        let graph = Graph::new(n, (1..n).map(|i| (i, i - 1)));
        assert_eq!(graph.components().len(), n);
        assert_eq!(graph.order().map(|order| order[0]), Ok(n - 1));
    }
}

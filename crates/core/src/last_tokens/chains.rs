//! The forest of tokens by what stands last, numbered so that an interval tells when a child does.

use crate::backtrack::Backtracker;

/// A token by its number in the forest.
pub(crate) type Node = u32;

/// The forest of a vocabulary's tokens that encode to themselves.
#[derive(Clone, Debug)]
pub(crate) struct Chains {
    /// The node of each byte.
    bytes: Vec<Node>,
    /// Training id of each node.
    tokens: Vec<u32>,
    /// Bytes of each node.
    lengths: Vec<u32>,
    pub(super) children: Children,
}

/// Children that are looked at one by one, which is guessed better than a search.
const FEW: usize = 8;

/// A token, and the nodes that it comes after.
#[derive(Clone, Copy, Debug)]
pub(super) struct Child {
    pub(super) start: Node,
    pub(super) end: Node,
    pub(super) node: Node,
}

/// The children of all nodes, or some of them.
#[derive(Clone, Debug)]
pub(super) struct Children {
    /// Where those of each node begin, and the end of the last.
    firsts: Vec<u32>,
    /// Those of one node by what they come after, ascending.
    all: Vec<Child>,
}

impl Children {
    /// Those of so many nodes, with their parents.
    fn new(nodes: usize, mut children: Vec<(Node, Child)>) -> Children {
        children.sort_unstable_by_key(|(parent, child)| (*parent, child.start));
        let mut firsts = vec![0u32; nodes + 1];
        for (parent, _) in &children {
            firsts[*parent as usize + 1] += 1;
        }
        for node in 1..firsts.len() {
            firsts[node] += firsts[node - 1];
        }
        Children { firsts, all: children.into_iter().map(|(_, child)| child).collect() }
    }

    /// All, with their parents.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Node, Child)> {
        let nodes = 0..self.firsts.len() as Node - 1;
        nodes.flat_map(|node| self.of(node).iter().map(move |&child| (node, child)))
    }

    /// Those whose nodes are to be kept.
    pub(super) fn only(&self, keep: impl Fn(Node) -> bool) -> Children {
        let kept = self.iter().filter(|(_, child)| keep(child.node)).collect();
        Children::new(self.firsts.len() - 1, kept)
    }

    #[inline]
    fn of(&self, node: Node) -> &[Child] {
        &self.all[self.firsts[node as usize] as usize..self.firsts[node as usize + 1] as usize]
    }

    /// The child of a token that stands last where `before` is the last token in front of it.
    #[inline]
    pub(super) fn get(&self, node: Node, before: Node, steps: &mut usize) -> Option<Node> {
        let children = self.of(node);
        *steps += 1 + (usize::BITS - children.len().leading_zeros()) as usize;
        if children.len() <= FEW {
            let after = |child: &&Child| before.wrapping_sub(child.start) < child.end - child.start;
            return children.iter().find(after).map(|child| child.node);
        }
        let behind = children.partition_point(|child| child.start <= before);
        let child = children[..behind].last()?;
        (before < child.end).then_some(child.node)
    }
}

impl Chains {
    /// Builds the forest of the tokens that encode to themselves; linear in their number, but for a
    /// sort.
    pub(crate) fn new(tables: &Backtracker) -> Chains {
        let count = tables.len() as usize;
        let parts = |token: u32| tables.parts(token);
        // The products of a right part, ascending by rank: a linked list by token.
        const NONE: u32 = u32::MAX;
        let (mut newest, mut older) = (vec![NONE; count], vec![NONE; count]);
        for token in (256..count as u32).filter(|&token| tables.is_reachable(token)) {
            let right = parts(token).1 as usize;
            older[token as usize] = newest[right];
            newest[right] = token;
        }
        // Numbers from the top down, the newest child first.
        let mut tokens = Vec::with_capacity(count);
        let (mut nodes, mut ends) = (vec![NONE; count], vec![0; count]);
        for byte in 0..256 {
            let mut path = vec![byte];
            nodes[byte as usize] = tokens.len() as Node;
            tokens.push(byte);
            // The next child to visit of each token on the path.
            let mut next = vec![newest[byte as usize]];
            while let (Some(&token), Some(child)) = (path.last(), next.last_mut()) {
                if *child == NONE {
                    ends[token as usize] = tokens.len() as Node;
                    path.pop();
                    next.pop();
                    continue;
                }
                let token = *child;
                *child = older[token as usize];
                nodes[token as usize] = tokens.len() as Node;
                tokens.push(token);
                path.push(token);
                next.push(newest[token as usize]);
            }
        }
        // The interval of c = (l, r) goes from l to the newest child of l that is not newer than c.
        let mut lengths = vec![1u32; count];
        let mut children: Vec<(Node, Child)> = Vec::with_capacity(tokens.len() - 256);
        let mut seen = vec![NONE; count];
        for token in 256..count as u32 {
            let (left, right) = parts(token);
            lengths[token as usize] = lengths[left as usize] + lengths[right as usize];
            if !tables.is_reachable(token) {
                continue;
            }
            if left == right {
                // Of the same rank, the one further left is made first.
                seen[left as usize] = token;
            }
            let end = match seen[left as usize] {
                NONE => ends[left as usize],
                child => nodes[child as usize],
            };
            let child = Child { start: nodes[left as usize], end, node: nodes[token as usize] };
            children.push((nodes[right as usize], child));
            seen[right as usize] = token;
        }
        Chains {
            bytes: nodes[..256].to_vec(),
            lengths: tokens.iter().map(|&token| lengths[token as usize]).collect(),
            children: Children::new(tokens.len(), children),
            tokens,
        }
    }

    /// Bytes of the longest token that encodes to itself.
    pub(crate) fn longest(&self) -> usize {
        self.lengths.iter().copied().max().unwrap_or(1) as usize
    }

    /// Goes down from a byte to what stands last at a place, through these children; `before` is what stands last
    /// so many bytes in front of it, if anything. Adds the steps to `steps`.
    #[inline]
    pub(super) fn down(
        &self,
        children: &Children,
        byte: u8,
        before: impl Fn(usize) -> Option<Node>,
        steps: &mut usize,
    ) -> Node {
        let mut node = self.bytes[usize::from(byte)];
        while let Some(before) = before(self.len(node))
            && let Some(child) = children.get(node, before, steps)
        {
            node = child;
        }
        node
    }

    /// The node of a byte.
    pub(super) fn of(&self, byte: u8) -> Node {
        self.bytes[usize::from(byte)]
    }

    /// Bytes of a token.
    #[inline]
    pub(super) fn len(&self, node: Node) -> usize {
        self.lengths[node as usize] as usize
    }

    /// Its training id.
    #[inline]
    pub(super) fn token(&self, node: Node) -> u32 {
        self.tokens[node as usize]
    }

    /// Number of nodes.
    pub(super) fn nodes(&self) -> u32 {
        self.tokens.len() as u32
    }
}

using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Security;

namespace ChunkProxy.Cache.Peers;

/// <summary>How the bytes of a slice are divided into blocks, each sent behind its tag: no byte is passed on before its block is verified.</summary>
/// <remarks>
/// Both sides compute the same blocks from the slice, so the length of the answer is known and nothing else need be sent. Blocks end at multiples
/// of <see cref="Grid"/> in the chunk, as the pieces do that the disk tier reads. The first one is shorter: a reader gets its first bytes sooner.
/// </remarks>
internal static class SealedBlocks
{
    /// <summary>Longest block, in bytes.</summary>
    public const int Grid = 64 * 1024;

    private const int First = 16 * 1024;

    /// <summary>Returns where the block ends that begins at <paramref name="position"/>, both from the chunk's start.</summary>
    public static int EndOf(Slice slice, int position)
    {
        var end = Math.Min(slice.End, ((position / Grid) + 1) * Grid);
        return position == slice.Offset ? Math.Min(end, position + First) : end;
    }

    /// <summary>Returns the length of the whole body, tags included.</summary>
    public static int LengthOf(Slice slice)
    {
        var first = EndOf(slice, slice.Offset);
        var others = first == slice.End ? 0 : ((slice.End - 1) / Grid) - (first / Grid) + 1;
        return slice.Length + ((1 + others) * BlockTags.Size);
    }
}

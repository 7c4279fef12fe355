using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Security;

namespace ChunkProxy.Cache.Peers;

/// <summary>How the bytes of a slice are divided into blocks, each sent behind its tag: no byte is passed on before its block is verified.</summary>
/// <remarks>
/// Both sides compute the same blocks from the slice, so the length of the answer is known and nothing but the longest block's length need be sent. Blocks end at multiples
/// of that in the chunk, as the pieces do that the disk tier reads. The first one is shorter: a reader gets its first bytes sooner.
/// </remarks>
/// <param name="grid">Longest block, in bytes.</param>
internal readonly struct SealedBlocks(int grid)
{
    /// <summary>Of a slice that lies in memory: it comes as fast as the network, so a longer block delays nobody, and costs fewer calls of the system.</summary>
    public const int GridInMemory = 256 * 1024;

    /// <summary>Of a slice that may still be arriving.</summary>
    public const int GridOnTheWay = 64 * 1024;

    private const int First = 16 * 1024;

    /// <summary>Longest block, in bytes.</summary>
    public int Grid => grid;

    /// <summary>Returns what an answer says of its blocks; null: no member sends such.</summary>
    public static SealedBlocks? TryRead(string? field) => field switch
    {
        "65536" => new(GridOnTheWay),
        "262144" => new(GridInMemory),
        _ => null,
    };

    /// <summary>Returns where the block ends that begins at <paramref name="position"/>, both from the chunk's start.</summary>
    public int EndOf(Slice slice, int position)
    {
        var end = Math.Min(slice.End, ((position / grid) + 1) * grid);
        return position == slice.Offset ? Math.Min(end, position + First) : end;
    }

    /// <summary>Returns the length of the whole body, tags included.</summary>
    public int LengthOf(Slice slice)
    {
        var first = EndOf(slice, slice.Offset);
        var others = first == slice.End ? 0 : ((slice.End - 1) / grid) - (first / grid) + 1;
        return slice.Length + ((1 + others) * BlockTags.Size);
    }
}

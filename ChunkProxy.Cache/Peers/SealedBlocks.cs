using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Security;

namespace ChunkProxy.Cache.Peers;

/// <summary>The division of a slice into blocks. Each block is sent after its tag, and is verified before any of its bytes are returned.</summary>
/// <remarks>
/// Both sides compute the same blocks from the slice. The response length is therefore known, and only the size of the longest block is sent. Blocks
/// end at multiples of that size in the chunk, like the pieces that the disk tier reads. The first block is shorter, so that a reader gets its first
/// bytes sooner.
/// </remarks>
/// <param name="grid">Size of the longest block, in bytes.</param>
internal readonly struct SealedBlocks(int grid)
{
    /// <summary>For a slice in memory: it arrives at network speed, so a longer block delays no reader and needs fewer system calls.</summary>
    public const int GridInMemory = 256 * 1024;

    /// <summary>For a slice that may still be arriving.</summary>
    public const int GridOnTheWay = 64 * 1024;

    private const int First = 16 * 1024;

    /// <summary>Size of the longest block, in bytes.</summary>
    public int Grid => grid;

    /// <summary>Reads the block size field of a response; null if the size is not one that members send.</summary>
    public static SealedBlocks? TryRead(string? field) => field switch
    {
        "65536" => new(GridOnTheWay),
        "262144" => new(GridInMemory),
        _ => null,
    };

    /// <summary>Returns the end of the block that starts at <paramref name="position"/>; both are offsets in the chunk.</summary>
    public int EndOf(Slice slice, int position)
    {
        var end = Math.Min(slice.End, ((position / grid) + 1) * grid);
        return position == slice.Offset ? Math.Min(end, position + First) : end;
    }

    /// <summary>Returns the length of the whole body, including tags.</summary>
    public int LengthOf(Slice slice)
    {
        var first = EndOf(slice, slice.Offset);
        var others = first == slice.End ? 0 : ((slice.End - 1) / grid) - (first / grid) + 1;
        return slice.Length + ((1 + others) * BlockTags.Size);
    }
}

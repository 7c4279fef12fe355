using System.Runtime.InteropServices;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>The hash of a version that has files on disk, in 20 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct DiskVersionRow : ILinkedSlot
{
    /// <summary>One of the version's files.</summary>
    public int Link { get; set; }

    public Hash128 Hash { get; set; }
}

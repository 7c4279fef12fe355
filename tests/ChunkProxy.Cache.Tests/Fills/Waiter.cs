using ChunkProxy.Cache.Fills;

namespace ChunkProxy.Cache.Tests.Fills;

/// <summary>A reader of a fill, as its decisions see it.</summary>
internal sealed class Waiter(int waitsFor) : IByteWaiter
{
    public int WaitsFor => waitsFor;

    public int Wanted { get; init; } = 1;

    public int ReadBytes { get; set; }
}

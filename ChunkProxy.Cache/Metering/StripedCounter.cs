using System.Runtime.InteropServices;

namespace ChunkProxy.Cache.Metering;

/// <summary>A counter that many cores increment at once: each core has its own cache line, and a read adds them up.</summary>
internal sealed class StripedCounter
{
    private readonly Cell[] _cells = new Cell[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount)];

    public long Value
    {
        get
        {
            var sum = 0L;
            for (var i = 0; i < _cells.Length; i++)
            {
                sum += Interlocked.Read(ref _cells[i].Count);
            }

            return sum;
        }
    }

    public void Increment() => Add(1);

    public void Add(long value) => Interlocked.Add(ref _cells[Thread.GetCurrentProcessorId() & (_cells.Length - 1)].Count, value);

    [StructLayout(LayoutKind.Explicit, Size = 128)] // two lines: the processor fetches adjacent lines in pairs
    private struct Cell
    {
        [FieldOffset(64)]
        public long Count;
    }
}

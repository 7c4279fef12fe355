using System.Runtime.InteropServices;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Reads;

/// <summary>
/// What this process currently waits for at the origin or at other members. It lets peers distinguish a slow source from a process that is stuck.
/// </summary>
/// <remarks>Covers only waits that have time limits of their own.</remarks>
internal sealed class UpstreamWaits
{
    private const long NoChunk = -1; // the object itself

    private readonly Lock _gate = new();
    private readonly Dictionary<(ObjectId Id, long Chunk), int> _underWay = []; // under _gate

    /// <summary>Begins a wait, which lasts until the result is disposed of, once.</summary>
    public Wait ForChunk(Chunk chunk) => Begin((chunk.Version.Id, chunk.Index));

    /// <inheritdoc cref="ForChunk"/>
    public Wait ForObject(ObjectId id) => Begin((id, NoChunk));

    /// <param name="id">The object.</param>
    /// <param name="chunkIndex">The chunk's index; null for the object itself.</param>
    public bool AreUnderWay(ObjectId id, long? chunkIndex)
    {
        lock (_gate)
        {
            return _underWay.ContainsKey((id, chunkIndex ?? NoChunk));
        }
    }

    private Wait Begin((ObjectId Id, long Chunk) subject)
    {
        lock (_gate)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_underWay, subject, out _)++;
        }

        return new Wait(this, subject);
    }

    private void End((ObjectId Id, long Chunk) subject)
    {
        lock (_gate)
        {
            if (--CollectionsMarshal.GetValueRefOrNullRef(_underWay, subject) == 0)
            {
                _underWay.Remove(subject);
            }
        }
    }

    /// <summary>One wait.</summary>
    public readonly struct Wait(UpstreamWaits waits, (ObjectId Id, long Chunk) subject) : IDisposable
    {
        public void Dispose() => waits.End(subject);
    }
}

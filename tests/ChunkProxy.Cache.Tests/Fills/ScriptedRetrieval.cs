using System.Collections.Concurrent;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Origin;

namespace ChunkProxy.Cache.Tests.Fills;

/// <summary>Runs the test's script instead of retrieving bytes.</summary>
internal sealed class ScriptedRetrieval(Func<FillTarget, CancellationToken, Task> script) : IChunkRetrieval
{
    private readonly ConcurrentQueue<(Chunk Chunk, int Position, int Limit)> _runs = new();

    /// <summary>Every run that was started, as it was then.</summary>
    public IReadOnlyCollection<(Chunk Chunk, int Position, int Limit)> Runs => _runs;

    public Task RetrieveAsync(FillTarget target, OriginBody? opened, CancellationToken cancellationToken)
    {
        _runs.Enqueue((target.Chunk, target.Position, target.Limit));
        return script(target, cancellationToken);
    }
}

using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Web.Tests.Http.Sending;

/// <summary>How one chunk behaves. Offsets count from the chunk's first byte.</summary>
internal sealed class ChunkScript
{
    /// <summary>TryOpen has it.</summary>
    public bool IsHot { get; init; }

    public ChunkSource Source { get; init; } = ChunkSource.Origin;

    public bool Collapsed { get; init; }

    public ProxyError OpenError { get; set; }

    public ProxyError Error { get; init; } = ProxyError.OriginUnreachable;

    public int FailAt { get; init; } = int.MaxValue;

    /// <summary>The exception at <see cref="FailAt"/>, if it is not a <see cref="ChunkReadException"/>.</summary>
    public Exception? Defect { get; init; }

    public int PieceSize { get; init; } = int.MaxValue;

    /// <summary>A read at or past this offset waits for <see cref="Resume"/>.</summary>
    public int PauseAt { get; init; } = int.MaxValue;

    public TaskCompletionSource Paused { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Resume { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Opening waits for this.</summary>
    public Task OpenGate { get; init; } = Task.CompletedTask;

    /// <summary>A pending open continues after its cancellation.</summary>
    public bool IgnoresCancellation { get; init; }

    /// <summary>The chunk is opened as a hit in this memory.</summary>
    public MemoryChunks? Memory { get; init; }
}

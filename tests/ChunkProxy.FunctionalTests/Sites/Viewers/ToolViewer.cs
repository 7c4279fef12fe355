using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.Sites.Viewers;

/// <summary>A program of the command line. Its first attempt has no retries; if that is interrupted, it resumes in its own way.</summary>
internal abstract class ToolViewer(VideoSite site, string name, Func<ClusterMember> member) : IViewer, IDisposable
{
    public string Name => name;

    public ClusterMember Member => member();

    public abstract bool ReadsPurged { get; }

    protected VideoSite Site => site;

    protected TemporaryFolder Folder { get; } = new();

    public async Task<IReadOnlyList<string>> ReadAsync(CancellationToken cancellationToken)
    {
        var at = Member;
        Begin();
        if (await TryAsync(at, isResumed: false, cancellationToken) is not { } interruption)
        {
            return [];
        }

        return await TryAsync(at, isResumed: true, cancellationToken) is { } again
            ? throw new InvalidOperationException($"{interruption}\nResumed: {again}")
            : [interruption];
    }

    public void Dispose() => Folder.Dispose();

    /// <summary>Chooses what the next round reads.</summary>
    protected abstract void Begin();

    /// <summary>Runs the program once.</summary>
    /// <returns>Why it did not get everything; null: it did, and the bytes are those of the source.</returns>
    /// <exception cref="Testing.Data.WrongBytesException">It reported success, and the bytes are others.</exception>
    protected abstract Task<string?> TryAsync(ClusterMember at, bool isResumed, CancellationToken cancellationToken);

    protected static string Describe(ChildProcess process) => $"exit code {process.ExitCode}: {string.Join(" | ", process.Lines.TakeLast(5))}";
}

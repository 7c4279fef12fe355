using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.Sites.Viewers;

/// <summary>ffmpeg, which copies an HLS film in each round. Its packets are compared with those of the film's files.</summary>
/// <remarks>It does not ask again for a segment that breaks off, so it needs a member that stays.</remarks>
internal sealed class FfmpegViewer(VideoSite site, string name, Func<ClusterMember> member, string host, Func<ClusterMember, string> playlist, string source)
    : ToolViewer(site, name, member)
{
    private IReadOnlyList<string>? _expected;

    public override bool ReadsPurged => false;

    protected override void Begin()
    {
    }

    protected override async Task<string?> TryAsync(ClusterMember at, bool isResumed, CancellationToken cancellationToken)
    {
        _expected ??= (await RunAsync(source, [], cancellationToken)).Lines;
        Assert.True(_expected.Count(static line => !line.StartsWith('#')) > 200, string.Join('\n', _expected));
        var ffmpeg = await RunAsync(playlist(at), ["-headers", $"Host: {host}\r\n"], cancellationToken);
        return ffmpeg.ExitCode == 0 && ffmpeg.Lines.SequenceEqual(_expected) ? null : Describe(ffmpeg);
    }

    private static Task<ChildProcess> RunAsync(string input, IEnumerable<string> options, CancellationToken cancellationToken) => ChildProcess.RunAsync(
        "ffmpeg", ["-nostdin", "-hide_banner", "-loglevel", "error", .. options, "-i", input, "-t", "24", "-map", "0:v", "-c", "copy", "-f", "framemd5", "-"], cancellationToken);
}

using System.Net.Http.Headers;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.FunctionalTests.Sites;

/// <summary>A file whose second half the origin holds back until the test releases it. Until then a download of the file cannot end.</summary>
internal sealed class HeldFile
{
    public const int Size = 6 * OneNode.MiB;

    private readonly Gate _gate = new();
    private readonly long _seed;

    /// <param name="origin">The origin.</param>
    /// <param name="path">The path of the file.</param>
    /// <param name="seed">Selects its bytes.</param>
    public HeldFile(ScriptedOrigin origin, string path, long seed)
    {
        _seed = seed;
        Path = path;
        var answer = new OriginAnswer { Size = Size, Seed = seed }.WithHeader("Cache-Control", "max-age=3600");
        origin.Add(path, answer).Script = request => IsOfSecondHalf(request) ? answer with { HoldAnswer = _gate } : answer;
    }

    public string Path { get; }

    /// <summary>Completes when the origin holds back a response.</summary>
    public Task WhenHeldAsync(CancellationToken cancellationToken) => _gate.WhenReachedAsync(cancellationToken);

    public void Release() => _gate.Open();

    public async Task VerifyAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        await TestData.VerifyAsync(_seed, 0, Size, stream, cancellationToken);
    }

    private static bool IsOfSecondHalf(OriginRequest request) => RangeHeaderValue.TryParse(request.Range, out var ranges) && ranges.Ranges.First().From >= Size / 2;
}

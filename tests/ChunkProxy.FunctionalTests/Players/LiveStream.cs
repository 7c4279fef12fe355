using System.Text;
using Microsoft.AspNetCore.Http;

namespace ChunkProxy.FunctionalTests.Players;

/// <summary>A live stream with a sliding window. A segment exists when the test releases it, or with a clock one second after another.</summary>
internal sealed class LiveStream
{
    private const int Window = 4; // segments

    private readonly FilmOrigin _origin;
    private readonly LiveFormat _format;
    private readonly string _folder;
    private readonly string _path;
    private readonly Func<int>? _clock;
    private int _released;

    /// <param name="origin">The server.</param>
    /// <param name="name">The name of the stream at the server.</param>
    /// <param name="folder">The folder with the segments.</param>
    /// <param name="format">The format.</param>
    /// <param name="clock">Returns how many segments there are; null: as many as the test releases.</param>
    public LiveStream(FilmOrigin origin, string name, string folder, LiveFormat format, Func<int>? clock = null)
    {
        _clock = clock;
        _origin = origin;
        _format = format;
        _folder = folder;
        _path = origin.Add(name, AnswerAsync);
    }

    /// <summary>The path of the playlist or manifest.</summary>
    public string Manifest => _path[1..] + _format.Manifest;

    public void Release(int segments = 1) => Interlocked.Add(ref _released, segments);

    /// <summary>Waits until a request for the segment has come.</summary>
    public Task WhenAskedAsync(int segment, CancellationToken cancellationToken) => _origin.WhenAskedAsync(_path + _format.Segment(segment), cancellationToken);

    /// <summary>What was requested apart from the manifest, each as often as it was.</summary>
    public IReadOnlyList<string> AskedSegments() =>
        [.. _origin.Asked.Where(target => target.StartsWith(_path, StringComparison.Ordinal) && target != _path + _format.Manifest)];

    private async Task AnswerAsync(HttpContext context, string file)
    {
        var released = _clock?.Invoke() ?? Volatile.Read(ref _released);
        var response = context.Response;
        if (file != _format.Manifest)
        {
            if (Enumerable.Range(released, Films.Seconds - released).Any(segment => _format.Segment(segment) == file))
            {
                response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            response.Headers.CacheControl = "max-age=3600";
            response.ContentType = _format.SegmentType;
            response.ContentLength = new FileInfo(Path.Combine(_folder, file)).Length;
            await response.SendFileAsync(Path.Combine(_folder, file), context.RequestAborted);
            return;
        }

        response.Headers.CacheControl = "max-age=1";
        response.Headers.ETag = $"\"{released}\"";
        if (context.Request.Headers.IfNoneMatch == response.Headers.ETag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var manifest = Encoding.ASCII.GetBytes(_format.Describe(Math.Max(0, released - Window), released));
        response.ContentType = _format.ManifestType;
        response.ContentLength = manifest.Length;
        await response.Body.WriteAsync(manifest, context.RequestAborted);
    }
}

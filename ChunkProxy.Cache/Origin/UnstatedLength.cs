using System.Net;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Origin;

/// <summary>Reads playlists and captions whose length the origin does not state, so that clients share them like any other object.</summary>
/// <remarks>
/// Live origins make playlists for each request and send them chunked. Without this, a playlist that the origin holds back until there is news
/// (low-latency HLS) would cost the origin one waiting request for each viewer. Media stay as they are: the segment of a low-latency DASH stream
/// is sent chunked while it is being made, and must not be held until its end.
/// </remarks>
internal static class UnstatedLength
{
    /// <summary>Longest body that is read in advance, in bytes.</summary>
    public const int Longest = 256 * 1024;

    private static readonly HashSet<string> Types = new(SettingText.ListOf(PlaylistTypes.All), StringComparer.OrdinalIgnoreCase);

    /// <summary>Gives a response of this kind its length. A body that is too long stays without one.</summary>
    /// <param name="response">The response, with its body unread.</param>
    /// <param name="patience">Longest time to read the body.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <returns>The failure if the body breaks off or takes too long; else null.</returns>
    public static async ValueTask<OriginAnswer?> FindAsync(HttpResponseMessage response, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!IsMeant(response))
        {
            return null;
        }

        using var limit = new TimeLimit(patience, time, cancellationToken);
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
            var body = new MemoryStream();
            var piece = new byte[8 * 1024];
            int count;
            while ((count = await stream.ReadAsync(piece.AsMemory(0, Math.Min(piece.Length, Longest + 1 - (int)body.Length)), limit.Token).ConfigureAwait(false)) > 0)
            {
                body.Write(piece, 0, count);
                if (body.Length > Longest)
                {
                    Replace(response, new StreamContent(new PrefixedStream(body.ToArray(), stream)));
                    return null;
                }
            }

            Replace(response, new ByteArrayContent(body.GetBuffer(), 0, (int)body.Length));
            response.Content.Headers.ContentLength = body.Length;
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return OriginAnswer.Of(OriginOutcome.TimedOut, $"the origin did not complete a playlist within {patience.TotalSeconds:0.#} s");
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            return OriginAnswer.Of(OriginOutcome.Unreachable, "the connection to the origin broke during a response");
        }
    }

    // Only a chunked body has an end that a broken connection does not have. Parsed fields are not read: that would replace the text of the fields.
    private static bool IsMeant(HttpResponseMessage response)
    {
        var fields = response.Content.Headers.NonValidated;
        return response.StatusCode is HttpStatusCode.OK
            && response.Headers.NonValidated.Contains("Transfer-Encoding")
            && fields.TryGetValues("Content-Type", out var types)
            && Types.Contains(types.ToString().Split(';')[0].Trim())
            && !(response.Headers.NonValidated.TryGetValues("Cache-Control", out var rules) && IsForOneClient(rules.ToString()));
    }

    // Such a response is not shared, so it is streamed to its client while the origin produces it.
    private static bool IsForOneClient(string rules) =>
        rules.Contains("no-store", StringComparison.OrdinalIgnoreCase) || rules.Contains("private", StringComparison.OrdinalIgnoreCase);

    private static void Replace(HttpResponseMessage response, HttpContent content)
    {
        foreach (var (name, values) in response.Content.Headers.NonValidated)
        {
            foreach (var value in values)
            {
                content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        response.Content = content; // the former content is closed at the end of its stream
    }

    /// <summary>A stream whose first bytes were read before.</summary>
    private sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : AsyncReadStream
    {
        private ReadOnlyMemory<byte> _prefix = prefix;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_prefix.IsEmpty)
            {
                return rest.ReadAsync(buffer, cancellationToken);
            }

            var count = Math.Min(buffer.Length, _prefix.Length);
            _prefix[..count].CopyTo(buffer);
            _prefix = _prefix[count..];
            return new(count);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                rest.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Security;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Responses;
using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Operations.Warm;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Sends requests to a running node, and describes a failure in one line.</summary>
internal sealed class NodeClient : IDisposable
{
    // A purge waits for all members. Reading the status takes two seconds at most.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const int LongestReason = 300;

    private readonly HttpClient _http;
    private readonly Uri _node;
    private readonly bool _hasKey;

    /// <param name="node">The URL of the node.</param>
    /// <param name="key">The admin key; null if there is none.</param>
    /// <param name="trusted">The certificates to trust; null: those that the system trusts.</param>
    public NodeClient(Uri node, string? key, X509Certificate2Collection? trusted = null)
    {
        _node = node;
        _hasKey = key is not null;
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.All };
        if (trusted is not null)
        {
            handler.SslOptions.CertificateChainPolicy = TrustedAuthorities.PolicyOf(trusted);
        }

        _http = new HttpClient(handler) { BaseAddress = node, Timeout = Patience };
        if (key is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    public Uri Address => _node;

    /// <summary>The URL of the node, for messages.</summary>
    public string Name => _node.AbsoluteUri.TrimEnd('/');

    /// <summary>Sends a request below the reserved prefix and returns the text of the response.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path below <c>/_chunkproxy/</c>, with its query.</param>
    /// <param name="notFound">The message for a 404 response to an unknown object; null if the request does not name an object.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="accepted">A status of an error whose response is JSON, too.</param>
    /// <exception cref="CommandFailure">The node does not respond, or responds with another error.</exception>
    public Task<string> AskAsync(HttpMethod method, string path, string? notFound, CancellationToken cancellationToken, HttpStatusCode? accepted = null) =>
        SendAsync(method, path, notFound, HttpCompletionOption.ResponseContentRead, static (answer, stop) => answer.Content.ReadAsStringAsync(stop), cancellationToken, accepted);

    /// <summary>Reads a small object through the node, as text.</summary>
    /// <param name="path">The path of the object, with its query.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CommandFailure">The node does not respond, or responds with an error, or the object is too long.</exception>
    public Task<string> ReadTextAsync(string path, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Get, $"content?path={Uri.EscapeDataString(path)}", "the origin has no such object", HttpCompletionOption.ResponseHeadersRead, ReadTextAsync, cancellationToken);

    // The length counts after decompression.
    private static async Task<string> ReadTextAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(Patience, TimeProvider.System, cancellationToken);
        await using var content = await answer.Content.ReadAsStreamAsync(limit.Token);
        var bytes = new byte[ContentEndpoint.MostBytes + 1];
        var length = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, limit.Token);
        using var reader = new StreamReader(new MemoryStream(bytes, 0, length), Encoding.UTF8);
        return length < bytes.Length
            ? await reader.ReadToEndAsync(limit.Token)
            : throw new CommandFailure($"it is longer than {ContentEndpoint.MostBytes} bytes") { Status = HttpStatusCode.RequestEntityTooLarge };
    }

    private async Task<string> SendAsync(
        HttpMethod method,
        string path,
        string? notFound,
        HttpCompletionOption completion,
        Func<HttpResponseMessage, CancellationToken, Task<string>> read,
        CancellationToken cancellationToken,
        HttpStatusCode? accepted = null)
    {
        using var request = new HttpRequestMessage(method, $"{ReservedPaths.Prefix}/{path}");
        try
        {
            using var answer = await _http.SendAsync(request, completion, cancellationToken);
            var text = await read(answer, cancellationToken);
            return answer.IsSuccessStatusCode || answer.StatusCode == accepted ? text : throw Refusal(answer, text, notFound);
        }
        catch (IOException brokenOff)
        {
            throw new CommandFailure($"the node at {Name} broke off its response ({brokenOff.Message})");
        }
        catch (InvalidDataException invalid)
        {
            throw new CommandFailure($"the node at {Name} sends what cannot be decompressed ({invalid.Message})") { Status = HttpStatusCode.BadGateway };
        }
        catch (HttpRequestException untrusted) when (untrusted.InnerException is AuthenticationException)
        {
            var reason = untrusted.InnerException.Message.TrimEnd('.');
            throw new CommandFailure($"the certificate of the node at {Name} is not accepted ({reason}): pass {CommandFlags.CaFile}, and the node's name in {CommandFlags.Node}");
        }
        catch (HttpRequestException unreachable)
        {
            var reason = unreachable.GetBaseException() is SocketException socket ? socket.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => "connection refused",
                SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => "no such host",
                _ => socket.Message,
            }
            : unreachable.GetBaseException().Message;
            throw new CommandFailure($"no node answers at {Name} ({reason}): start one, or select another with {CommandFlags.Node}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailure($"the node at {Name} did not answer within {Patience.TotalSeconds:0} s: check its log");
        }
    }

    /// <summary>Deserializes the JSON of a response.</summary>
    /// <exception cref="CommandFailure">The text is not JSON, or does not match the type.</exception>
    public T Read<T>(string json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException wrong)
        {
            throw new CommandFailure($"{Name} is not a ChunkProxy node, or has another version ({ShownText.Shorten(wrong.Message, LongestReason)})");
        }
    }

    private CommandFailure Refusal(HttpResponseMessage answer, string text, string? notFound)
    {
        var isOurs = answer.Content.Headers.ContentType?.MediaType is "text/plain" or "application/json";
        var said = isOurs && text.Length > 0 ? $": {ShownText.Shorten(text.Split('\n')[0].TrimEnd('.', '\r'), LongestReason)}" : "";
        return new CommandFailure(answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized when _hasKey => $"the node at {Name} rejects the admin key",
            HttpStatusCode.Unauthorized => $"the node at {Name} requires its admin key: pass {CommandFlags.KeyFile}, or set ChunkProxy__AdminKey in the environment",
            HttpStatusCode.Forbidden => $"the node at {Name} refuses{said}",
            HttpStatusCode.NotFound when notFound is not null && isOurs && !text.Contains(TargetAnswer.NothingHere, StringComparison.Ordinal) => notFound,
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed =>
                $"the node at {Name} does not support this ({(int)answer.StatusCode}): it may have a separate admin address (-adminaddr), or an older version",
            HttpStatusCode.BadRequest => $"the node at {Name} rejects the request{said}",
            _ => $"the node at {Name} answers {(int)answer.StatusCode}{said}",
        })
        {
            Status = answer.StatusCode,
        };
    }

    public void Dispose() => _http.Dispose();
}

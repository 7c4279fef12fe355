using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace ChunkProxy.Web.Tests.Cli.Commands;

/// <summary>A scripted node that takes warm-ups. Each is running when it starts, and has ended at the first look.</summary>
internal sealed class WarmNode : IAsyncDisposable
{
    public const int SizeOfEach = 1000;

    private readonly ConcurrentDictionary<string, string> _objects = []; // by the name of the warm-up
    private readonly ConcurrentQueue<string> _started = [];
    private ScriptedNode _node = null!;
    private int _count;

    public string Url => _node.Url;

    /// <summary>Objects whose warm-up fails, with the reason.</summary>
    public ConcurrentDictionary<string, string> Failing { get; } = [];

    /// <summary>Texts of playlists by their paths.</summary>
    public ConcurrentDictionary<string, string> Playlists { get; } = [];

    /// <summary>Called with the path of each object whose warm-up starts; returns the status of the response, 202 to start it.</summary>
    public Func<string, int> OnStart { get; set; } = static _ => 202;

    /// <summary>Called with each look at a warm-up; returns whether it still runs.</summary>
    public Func<string, bool> IsRunning { get; set; } = static _ => false;

    /// <summary>The objects whose warm-up started, each with its range, in this order.</summary>
    public IReadOnlyList<string> Started => [.. _started];

    /// <summary>Method and target of each request.</summary>
    public IReadOnlyList<string> Requests => [.. _node.Requests.Select(request => $"{request.Method} {request.Target}")];

    public static async Task<WarmNode> StartAsync()
    {
        var node = new WarmNode();
        node._node = await ScriptedNode.StartAsync(node.Answer);
        return node;
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private (int Status, string Body) Answer(string method, string target)
    {
        var query = QueryHelpers.ParseQuery(target.Contains('?') ? target[target.IndexOf('?')..] : "");
        if (method == "POST")
        {
            var path = query["path"].ToString();
            var status = OnStart(path);
            if (status != 202)
            {
                return (status, "refused\n");
            }

            var id = "w" + Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture);
            _objects[id] = path;
            _started.Enqueue(query.TryGetValue("range", out var range) ? $"{path} {range}" : path);
            return (202, Json(id, "running", 0, null));
        }

        if (target.StartsWith("/_chunkproxy/content?", StringComparison.Ordinal))
        {
            return Playlists.TryGetValue(query["path"].ToString(), out var text) ? (200, text) : (404, "404 Not Found: the origin has no such object\n");
        }

        var name = target.Split('/', '?')[3];
        var reason = Failing.GetValueOrDefault(_objects[name]);
        return method == "DELETE" || IsRunning(_objects[name])
            ? (200, Json(name, "running", 0, null))
            : (200, Json(name, reason is null ? "done" : "failed", reason is null ? SizeOfEach : 0, reason));
    }

    private string Json(string id, string state, int bytes, string? reason) =>
        $$"""{"id":"{{id}}","path":"{{_objects[id]}}","range":null,"state":"{{state}}","chunks":1,"chunksDone":{{(bytes == 0 ? 0 : 1)}},"bytes":{{SizeOfEach}},"bytesDone":{{bytes}},"error":{{(reason?.StartsWith("not cacheable", StringComparison.Ordinal) ?? false ? "\"notCacheable\"" : "null")}},"reason":{{(reason is null ? "null" : $"\"{reason}\"")}}}""";
}

using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ChunkProxy.Testing.Nodes;

namespace ChunkProxy.FunctionalTests.Purging;

/// <summary>Asks a node for a purge.</summary>
internal static class Purging
{
    /// <summary>Sends <c>PURGE path</c>.</summary>
    public static Task<HttpResponseMessage> PurgeAsync(this Node node, string path, string? key, CancellationToken cancellationToken) =>
        SendAsync(node, new HttpMethod("PURGE"), path, key, cancellationToken);

    /// <summary>Sends <c>POST /_chunkproxy/purge?path=</c>.</summary>
    public static Task<HttpResponseMessage> PostPurgeAsync(this Node node, string path, string? key, CancellationToken cancellationToken) =>
        SendAsync(node, HttpMethod.Post, "_chunkproxy/purge?path=" + Uri.EscapeDataString(path), key, cancellationToken);

    /// <summary>Purges what a query names (<c>prefix=/films/</c>), and returns the status.</summary>
    public static async Task<HttpStatusCode> PurgeByQueryAsync(this Node node, string query, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "_chunkproxy/purge?" + query);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", PurgeCluster.Key);
        using var answer = await node.Client.SendAsync(request, cancellationToken);
        return answer.StatusCode;
    }

    /// <summary>Purges and returns the response, whose status must match whether the purge was complete.</summary>
    public static async Task<JsonElement> PurgeAsync(this Node node, string path, bool isComplete, CancellationToken cancellationToken)
    {
        using var answer = await node.PurgeAsync(path, PurgeCluster.Key, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(answer.StatusCode == (isComplete ? HttpStatusCode.OK : HttpStatusCode.Accepted), $"{answer.StatusCode} {text}");
        using var json = JsonDocument.Parse(text);
        Assert.Equal(isComplete, json.RootElement.GetProperty("complete").GetBoolean());
        Assert.Equal(path, json.RootElement.GetProperty("path").GetString());
        return json.RootElement.Clone();
    }

    /// <summary>The processes that did not confirm.</summary>
    public static IReadOnlyList<string> Missing(this JsonElement answer) =>
        [.. answer.GetProperty("members").EnumerateArray().Where(member => member.TryGetProperty("error", out _)).Select(member => member.GetProperty("member").GetString()!)];

    /// <summary>Chunks that were erased, all processes together.</summary>
    public static int Chunks(this JsonElement answer) =>
        answer.GetProperty("members").EnumerateArray().Sum(member => member.TryGetProperty("chunks", out var chunks) ? chunks.GetInt32() : 0);

    private static Task<HttpResponseMessage> SendAsync(Node node, HttpMethod method, string path, string? key, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        return node.Client.SendAsync(request, cancellationToken);
    }
}

using System.Net.Http.Headers;
using System.Text.Json;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.FunctionalTests.Operations;

/// <summary>An operator at a node.</summary>
internal sealed class AdminClient(Node node, string key)
{
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, "_chunkproxy/" + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await node.Client.SendAsync(request, cancellationToken);
    }

    /// <summary>Has an object or a range of it warmed, and returns how that ended.</summary>
    public async Task<JsonElement> WarmAsync(string query, CancellationToken cancellationToken)
    {
        using var begun = await SendAsync(HttpMethod.Post, "warm?" + query, cancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, begun.StatusCode);
        return await EndOfAsync(begun, cancellationToken);
    }

    public async Task<JsonElement> EndOfAsync(HttpResponseMessage begun, CancellationToken cancellationToken)
    {
        var job = begun.Headers.Location!.ToString();
        await node.WhenLineAsync(line => line.Contains($"Warm-up {job.Split('/')[^1]} of", StringComparison.Ordinal), "the warm-up has ended", cancellationToken);
        return JsonDocument.Parse(await node.Client.GetStringAsync(job, cancellationToken)).RootElement.Clone();
    }

    /// <summary>Returns once the member looks like one of these.</summary>
    public async Task WhenStateAsync(string member, CancellationToken cancellationToken, params string[] states)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience.Limit);
        while (Array.IndexOf(states, (await StatesAsync(limit.Token)).GetValueOrDefault(member)) < 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, limit.Token); // members are asked at most twice a second
        }
    }

    /// <summary>Returns how each member looks from here.</summary>
    public async Task<Dictionary<string, string>> StatesAsync(CancellationToken cancellationToken)
    {
        using var stats = JsonDocument.Parse(await node.Client.GetStringAsync("_chunkproxy/stats?cluster=true", cancellationToken));
        return stats.RootElement.GetProperty("cluster").GetProperty("members").EnumerateArray()
            .ToDictionary(member => member.GetProperty("id").GetString()!, member => member.GetProperty("state").GetString()!);
    }
}

using System.Net.Http.Headers;

namespace ChunkProxy.AppHost.Commands;

/// <summary>Gives orders to the cluster by its front end, with the admin key.</summary>
internal sealed class AdminClient(IResourceBuilder<ProjectResource> web, IResourceBuilder<ParameterResource> adminKey)
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false });

    /// <summary>Sends an order below the reserved path.</summary>
    /// <returns>Success with the answer's JSON, or failure with what the front end says.</returns>
    public async Task<ExecuteCommandResult> SendAsync(HttpMethod method, string path, IEnumerable<(string Name, string? Value)> query, string done, CancellationToken cancellationToken)
    {
        var fields = query.Where(field => !string.IsNullOrWhiteSpace(field.Value)).Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value!.Trim())}");
        var frontEnd = await web.GetEndpoint("http").GetValueAsync(cancellationToken);
        using var request = new HttpRequestMessage(method, $"{frontEnd}{Names.ReservedPath}{path}?{string.Join('&', fields)}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await adminKey.Resource.GetValueAsync(cancellationToken));
        try
        {
            using var response = await Client.SendAsync(request, cancellationToken);
            var answer = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode
                ? CommandResults.Success(done, answer, CommandResultFormat.Json)
                : CommandResults.Failure($"{(int)response.StatusCode}: {answer.Trim()}");
        }
        catch (HttpRequestException unreachable)
        {
            return CommandResults.Failure($"The front end does not answer: {unreachable.Message}");
        }
    }
}

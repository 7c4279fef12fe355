using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Health of a server whose connection string is a URL, while its endpoint is plain TCP.</summary>
internal static class ConnectionHealth
{
    public static IResourceBuilder<T> WithHealthEndpoint<T>(this IResourceBuilder<T> resource, string path)
        where T : IResourceWithConnectionString
    {
        string? url = null;
        resource.ApplicationBuilder.Eventing.Subscribe<ConnectionStringAvailableEvent>(
            resource.Resource,
            async (_, cancellationToken) => url = await resource.Resource.GetConnectionStringAsync(cancellationToken));

        var key = $"{resource.Resource.Name}_{typeof(T).Name}_check";
        var client = new HttpClient();
        resource.ApplicationBuilder.Services.AddHealthChecks().AddAsyncCheck(key, async cancellationToken =>
        {
            if (url is null)
            {
                return HealthCheckResult.Unhealthy("It has no address yet.");
            }

            using var answer = await client.GetAsync(url + path, cancellationToken);
            return answer.IsSuccessStatusCode ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"It answers {(int)answer.StatusCode}.");
        });
        return resource.WithHealthCheck(key);
    }
}

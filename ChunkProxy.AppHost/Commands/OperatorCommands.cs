using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChunkProxy.AppHost.Commands;

/// <summary>What an operator does to a running cluster, as commands of the dashboard and of <c>aspire resource</c>.</summary>
internal static class OperatorCommands
{
    private const string PathArgument = "path";
    private const string RangeArgument = "range";

    public static IResourceBuilder<ProjectResource> WithPurgeCommand(this IResourceBuilder<ProjectResource> web, AdminClient admin, ClusterOptions options) =>
        web.WithCommand(
            "purge",
            "Purge a path",
            context => admin.SendAsync(HttpMethod.Post, "/purge", [(PathArgument, context.Arguments.GetString(PathArgument))], "Purged at every member that answers.", context.CancellationToken),
            new CommandOptions
            {
                Description = "Every member drops the object from memory and disk.",
                IconName = "Delete",
                Arguments = [PathInput(options)],
                UpdateState = WhenHealthy,
            });

    public static IResourceBuilder<ProjectResource> WithWarmCommand(this IResourceBuilder<ProjectResource> web, AdminClient admin, ClusterOptions options) =>
        web.WithCommand(
            "warm",
            "Warm a path",
            context => admin.SendAsync(
                HttpMethod.Post,
                "/warm",
                [(PathArgument, context.Arguments.GetString(PathArgument)), (RangeArgument, context.Arguments.GetString(RangeArgument))],
                "Warming has begun; the status page shows how far it is.",
                context.CancellationToken),
            new CommandOptions
            {
                Description = "Fetches the object before anyone reads it.",
                IconName = "Fire",
                Arguments =
                [
                    PathInput(options),
                    new InteractionInput { Name = RangeArgument, Label = "Range", InputType = InputType.Text, Placeholder = "bytes=0-1048575", Description = "Empty for the whole object." },
                ],
                UpdateState = WhenHealthy,
            });

    public static IResourceBuilder<ProjectResource> WithDrainCommands(this IResourceBuilder<ProjectResource> cache, AdminClient admin)
    {
        var name = cache.Resource.Name;
        return cache
            .WithCommand(
                "drain",
                "Drain",
                context => admin.SendAsync(HttpMethod.Post, "/drain", [("member", name)], $"{name} gives up its chunks and answers until it is stopped or joins again.", context.CancellationToken),
                new CommandOptions
                {
                    Description = "The member gives up its chunks to the others. It goes on answering until it is stopped.",
                    IconName = "ArrowExit",
                    UpdateState = WhenHealthy,
                })
            .WithCommand(
                "rejoin",
                "Join again",
                context => admin.SendAsync(HttpMethod.Delete, "/drain", [("member", name)], $"{name} owns chunks again.", context.CancellationToken),
                new CommandOptions
                {
                    Description = "A drained member owns chunks again.",
                    IconName = "ArrowEnter",
                    UpdateState = WhenHealthy,
                });
    }

    private static InteractionInput PathInput(ClusterOptions options) => new()
    {
        Name = PathArgument,
        Label = "Path",
        InputType = InputType.Text,
        Required = true,
        Placeholder = "/films/orbit.webm",
        Value = options.OriginUrl is null ? "/films/orbit.webm" : null,
        Description = "The path of an object, as it stands in its URL.",
    };

    private static ResourceCommandState WhenHealthy(UpdateCommandStateContext context) =>
        context.ResourceSnapshot.HealthStatus is HealthStatus.Healthy ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;
}

using System.Net;
using ChunkProxy.Web.Operations.Reload;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Lets a node read settings, keys and certificates again.</summary>
internal sealed class ReloadCommand : NodeCommand
{
    public override string Name => "reload";

    public override string Summary => "Read origins, routes, log levels, keys and certificates again, as SIGHUP does";

    public override IReadOnlyList<(string Line, string Does)> Examples =>
    [
        ("chunkproxy reload", "The node on this machine, with the key from its environment"),
        ("chunkproxy reload -node http://10.0.0.1:8080 -adminkeyfile key", "Another node"),
    ];

    public override async Task RunAsync(NodeClient node, CommandInput input, CommandOutput output, CancellationToken cancellationToken)
    {
        var json = await node.AskAsync(HttpMethod.Post, "reload", notFound: null, cancellationToken, accepted: HttpStatusCode.UnprocessableEntity);
        var answer = node.Read(json, ReloadAnswerJson.Readable.ReloadAnswer);
        if (input.Json)
        {
            output.Json(json);
        }
        else
        {
            foreach (var part in answer.Reloaded)
            {
                output.Line($"reloaded: {part}");
            }
        }

        if (answer.NeedRestart is not [])
        {
            output.Note($"changed, but the node needs a restart: {string.Join(", ", answer.NeedRestart)}");
        }

        foreach (var (part, reason) in answer.Failed)
        {
            output.Note($"not reloaded: {part}: {reason}");
        }

        if (!answer.Complete)
        {
            throw new CommandFailure("some new values are invalid; their former values stay in use");
        }
    }
}

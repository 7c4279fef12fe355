using ChunkProxy.Cache.Draining;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Operations.Access;

namespace ChunkProxy.Web.Operations.Drain;

/// <summary>Maps <c>POST /_chunkproxy/drain?member=10.0.0.1:7070</c>, which drains a member; DELETE makes it rejoin.</summary>
internal static class DrainEndpoint
{
    private const string Path = ReservedPaths.Prefix + "/drain";

    public static void MapDrain(this IEndpointRouteBuilder endpoints)
    {
        var drains = endpoints.ServiceProvider.GetRequiredService<DrainCoordinator>();
        endpoints.MapMethods(Path, [HttpMethods.Post], context => AnswerAsync(context, drains, drains.DrainAsync)).Takes(AdminAccess.Action);
        endpoints.MapMethods(Path, [HttpMethods.Delete], context => AnswerAsync(context, drains, drains.RejoinAsync)).Takes(AdminAccess.Action);
    }

    private static async Task AnswerAsync(HttpContext context, DrainCoordinator drains, Func<Member, CancellationToken, Task<DrainReply?>> order)
    {
        if (!drains.ArePossible)
        {
            await AdminAnswer.RefuseAsync(context, StatusCodes.Status409Conflict, MessageOf(DrainRefusal.FixedMembership));
            return;
        }

        var id = context.Request.Query["member"].ToString();
        if (drains.Members.FirstOrDefault(known => known.Id == id || (known.Name == id && id.Length > 0)) is not { } member)
        {
            await AdminAnswer.RefuseAsync(
                context, StatusCodes.Status404NotFound, $"member= takes the name or the pool address of a member: {string.Join(", ", drains.Members)}");
            return;
        }

        await (await order(member, context.RequestAborted) switch
        {
            null => AdminAnswer.RefuseAsync(context, StatusCodes.Status502BadGateway, "The member does not answer."),
            { Refusal: not DrainRefusal.None and var refusal } => AdminAnswer.RefuseAsync(context, StatusCodes.Status409Conflict, MessageOf(refusal)),
            var reply => AdminAnswer.WriteAsync(
                context,
                reply.State is DrainState.Draining || !reply.Told ? StatusCodes.Status202Accepted : StatusCodes.Status200OK,
                new DrainAnswer(member.Id, reply.State, reply.Told),
                DrainAnswerJson.Readable.DrainAnswer),
        });
    }

    private static string MessageOf(DrainRefusal refusal) => refusal switch
    {
        DrainRefusal.FixedMembership =>
            "The membership is static (-poolpeers, or a stand-alone node), so a drain is not possible. Stop the process instead; reads bypass it.",
        DrainRefusal.LastMember => "This is the last member; no other member could own its chunks.",
        DrainRefusal.NoMember => "This process owns no chunks.",
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "There is no refusal."),
    };
}

using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Objects;
using ChunkProxy.Web.Http.Access;
using ChunkProxy.Web.Http.Responses;
using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>Reads which object an operator names: by its path and query, or by the form in which it is shown (<see cref="ShownPath"/>).</summary>
/// <remarks>A shown form is resolved among the objects that this process knows. It names none if two of them are shown alike.</remarks>
internal sealed class ObjectArgument(SiteTargets site, IOptions<FrontEndOptions> options, ObjectDirectory objects)
{
    private const string Expected = "path= takes the path of an object, as it stands in its URL: /film.mp4";

    /// <summary>Returns the object, or null and what to answer.</summary>
    /// <param name="text">What the operator wrote.</param>
    /// <param name="refusal">Status and reason where there is no object.</param>
    public ObjectId? Read(string text, out (int Status, string Reason) refusal)
    {
        refusal = default;
        if (text.Length == 0)
        {
            refusal = (StatusCodes.Status400BadRequest, Expected);
            return null;
        }

        if (ShownPath.IsShown(text))
        {
            refusal = (StatusCodes.Status404NotFound, "No object known here is shown in this way. Pass its path and query.");
            return objects.FindShown(text);
        }

        var verdict = RequestTarget.Parse(text, options.Value.MaxTargetLength, out var path);
        if (verdict is TargetVerdict.Accepted)
        {
            return site.ObjectAt(path);
        }

        refusal = (StatusCodes.Status400BadRequest, $"{TargetAnswer.Of(verdict).Reason} {Expected}");
        return null;
    }
}

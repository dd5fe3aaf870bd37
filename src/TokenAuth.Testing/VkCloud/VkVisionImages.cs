using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>The multipart body of a Vision request: a <c>meta</c> part and the images it names.</summary>
internal sealed record VkVisionImages(JsonObject Meta, IReadOnlyList<(string Name, long Length)> Images)
{
    private const int MaxImages = 100;

    /// <summary>The image that was sent, or its error.</summary>
    public static async Task<(VkVisionImages? Sent, string? Fault)> ReadAsync(HttpContext context, bool hasParts)
    {
        if (!context.Request.HasFormContentType)
            return (null, "the body must be multipart/form-data");

        IFormCollection form;
        try
        {
            form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        }
        catch (InvalidDataException)
        {
            return (null, "the body is no multipart/form-data");
        }

        var meta = await MetaAsync(form, context.RequestAborted).ConfigureAwait(false);
        if (meta?["images"] is not JsonArray { Count: > 0 and <= MaxImages } named)
            return (null, "the part \"meta\" must be JSON that names 1 to 100 images");

        var images = named.Select(image => Find(form, image, hasParts)).ToList();
        return images.Contains(null)
            ? (null, "each name in \"images\" must have a part of that name")
            : (new(meta, [.. images.Select(image => image!.Value)]), null);
    }

    // curl's -F sends it as a field; a client may as well send it as a part with a file name.
    private static async Task<JsonObject?> MetaAsync(IFormCollection form, CancellationToken cancellationToken)
    {
        var text = form["meta"].ToString();
        if (form.Files["meta"] is { } part)
        {
            using var reader = new StreamReader(part.OpenReadStream());
            text = await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static (string Name, long Length)? Find(IFormCollection form, JsonNode? image, bool hasParts)
    {
        if (image is not JsonObject named || named["name"]?.GetValueKind() != JsonValueKind.String)
            return null;

        var name = named["name"]!.GetValue<string>();
        if (!hasParts)
            return (name, 0);
        if (form.Files[name] is { } file)
            return (name, file.Length);
        return form.TryGetValue(name, out var field) && name != "meta" ? (name, field.ToString().Length) : null;
    }
}
